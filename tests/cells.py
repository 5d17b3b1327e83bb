"""Cells of two engines, written in the one way in which they can be compared."""

from datetime import date
from decimal import Decimal
from typing import Any


def plain(cell: Any) -> Any:
    """Write a cell in the one way in which both engines' values can be compared."""
    if cell is None or isinstance(cell, bool | str):
        return cell
    if isinstance(cell, int | float | Decimal):
        return Decimal(str(cell)).normalize()
    if isinstance(cell, date):
        return cell.isoformat()
    raise TypeError(f"no mapping for {cell!r}")
