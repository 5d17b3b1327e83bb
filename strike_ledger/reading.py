"""Reading a built database, or the tables that a wheel carries: validated, typed frames."""

import atexit
import os
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from strike_ledger.declarations import (
    IS_CHECKOUT,
    MARTS,
    PROJECT,
    RECORD,
    REPORTS,
    VOCABULARY,
    Table,
)
from strike_ledger.declarations import tables as declared_in

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import polars as pl
    import pyarrow as pa

DATABASE = PROJECT / "strike_ledger.duckdb"
DIST = PROJECT / "dist" if IS_CHECKOUT else Path("dist")
CARRIED = PROJECT / "parquet"
# The schema in which each folder's tables stand.
SCHEMAS = {REPORTS: "main", MARTS: "marts", RECORD: "record", VOCABULARY: "record"}
_LOADED = [REPORTS, MARTS]


def tables() -> list[str]:
    """Give the names that `load` takes: the report views first, then the tables behind them."""
    return [name for folder in _LOADED for name in declared_in(folder)]


def released() -> dict[str, Table]:
    """Give every table and view of a release by name: views, marts, record, vocabulary."""
    return {name: table for folder in SCHEMAS for name, table in declared_in(folder).items()}


def quoted(text: str) -> str:
    """Write a text as SQL does."""
    return "'" + text.replace("'", "''") + "'"


@cache
def _assembled() -> Path:
    """Put the tables that the wheel carries into a database file for as long as Python runs."""
    import duckdb

    folder = tempfile.TemporaryDirectory(prefix="strike_ledger_")
    atexit.register(folder.cleanup)
    path = Path(folder.name) / DATABASE.name
    with duckdb.connect(str(path)) as connection:
        for schema in (*dict.fromkeys(SCHEMAS.values()), "intermediate"):
            connection.execute(f"create schema if not exists {schema}")
        for view in sorted(CARRIED.glob("int_*.parquet")):  # what `explain` reads
            source = quoted(str(view))
            connection.execute(f"create table intermediate.{view.stem} as from {source}")
        for table in released().values():
            name = f"{SCHEMAS[table.folder]}.{table.name}"
            source = quoted(str(CARRIED / f"{table.name}.parquet"))
            connection.execute(f"create table {name} as from read_parquet({source})")
            connection.execute(f"comment on table {name} is {quoted(table.description)}")
            for column in table.columns:
                comment = quoted(column.description)
                connection.execute(f"comment on column {name}.{column.name} is {comment}")
    return path


def connect(database: Path | str | None = None) -> "duckdb.DuckDBPyConnection":
    """Open the database for reading only; it never blocks a build.

    Without a path it is the file that STRIKE_LEDGER_DATABASE names, else the checkout's own, else
    the tables that the installed package carries, in the schemas main, marts and record.
    Raises FileNotFoundError where the file has not been built.
    """
    import duckdb

    chosen = database or os.environ.get("STRIKE_LEDGER_DATABASE")
    path = Path(chosen) if chosen else _assembled() if CARRIED.is_dir() else DATABASE
    if not path.is_file():
        raise FileNotFoundError(f"{path} is not there: run `make build` first")
    return duckdb.connect(str(path), read_only=True)


def rows_of(
    connection: "duckdb.DuckDBPyConnection", query: str, values: dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Give the rows of a query as dictionaries, in order; an unknown value is None."""
    found = connection.execute(query, values)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def grouped(rows: Iterable[dict[str, Any]], column: str) -> dict[Any, list[dict[str, Any]]]:
    """Group rows by a column, groups and rows in the order in which they come."""
    groups: dict[Any, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row[column], []).append(row)
    return groups


def load(
    name: str,
    database: Path | str | None = None,
    frame: Literal["pandas", "polars", "arrow"] = "pandas",
) -> "pd.DataFrame | pl.DataFrame | pa.Table":
    """Load a view or table, checked against its declaration, as a frame of pandas unless asked.

    A row is what the description of the view says; columns are in declared order, sorted by key.
    pandas gets nullable types (string, Int64, Float64, boolean, datetime64), polars and Arrow the
    types of DuckDB (dates as dates, decimals as decimals). An unknown value is NA or null, never
    zero. `database` is as for `connect`. Raises KeyError for an unknown name, ValueError for an
    unknown frame, FileNotFoundError where the database has not been built, and
    pandera.errors.SchemaErrors where a value breaks its declaration.
    """
    from strike_ledger.checks import as_declared, did_you_mean, schema_of

    if name not in tables():
        listed = "The names are: " + ", ".join(tables())
        raise KeyError(f"there is no view '{name}'. {did_you_mean(name, tables(), listed)}")
    if frame not in ("pandas", "polars", "arrow"):
        raise ValueError(f"'{frame}' is no frame: pandas, polars or arrow")
    table = released()[name]
    key = ", ".join(table.primary_key)
    with connect(database) as connection:
        rows = connection.sql(f"select * from {SCHEMAS[table.folder]}.{name} order by {key}")  # noqa: S608
        checked = schema_of(table).validate(as_declared(rows.df(), table), lazy=True)
        if frame == "polars":
            return rows.pl()
        return rows.to_arrow_table() if frame == "arrow" else checked
