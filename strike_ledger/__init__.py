"""Strike Ledger: the missile strikes of January 2024, who said what of them, who answered how."""

from strike_ledger.explain import explain
from strike_ledger.reading import connect, load, tables

__all__ = ["connect", "explain", "load", "tables"]
