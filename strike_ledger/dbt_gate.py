"""The gate: a dbt-duckdb plugin that refuses to open the database for a record that fails.

dbt-duckdb loads it when a command first needs a connection (build, seed, run, test and others),
so nobody loads bad rows by forgetting to check them first.
"""

from functools import cache
from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError

from strike_ledger.checks import Finding, check, report


@cache
def _findings() -> tuple[Finding, ...]:
    return tuple(check())


class Plugin(BasePlugin):
    """Runs the check once per process, before the first connection is used."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Raise DbtRuntimeError with all findings where the record fails its check."""
        if _findings():
            raise DbtRuntimeError("the record fails its check\n" + report(_findings()))
