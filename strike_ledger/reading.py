"""Reading the built database: views and tables as validated pandas frames."""

from pathlib import Path
from typing import TYPE_CHECKING

from strike_ledger.declarations import MARTS, PROJECT, REPORTS
from strike_ledger.declarations import tables as declared_in

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

DATABASE = PROJECT / "strike_ledger.duckdb"
_SCHEMAS = {REPORTS: "main", MARTS: "marts"}


def tables() -> list[str]:
    """Give the names that `load` takes: the report views first, then the tables behind them."""
    return [name for folder in _SCHEMAS for name in declared_in(folder)]


def connect(database: Path | str = DATABASE) -> "duckdb.DuckDBPyConnection":
    """Open the database for reading only; it never blocks a build.

    Raises FileNotFoundError where it has not been built.
    """
    import duckdb

    if not Path(database).is_file():
        raise FileNotFoundError(f"{database} is not there: run `make build` first")
    return duckdb.connect(str(database), read_only=True)


def load(name: str, database: Path | str = DATABASE) -> "pd.DataFrame":
    """Load a view or table as a pandas frame, checked against its declaration.

    A row is what the description of the view says; columns are in declared order with nullable
    types (string, Int64, Float64, boolean, datetime64), sorted by key. An unknown value is NA,
    never zero. Raises KeyError for an unknown name, FileNotFoundError where the database has not
    been built, and pandera.errors.SchemaErrors where a value breaks its declaration.
    """
    from strike_ledger.checks import as_declared, did_you_mean, schema_of

    folder = next((folder for folder in _SCHEMAS if name in declared_in(folder)), None)
    if folder is None:
        listed = "The names are: " + ", ".join(tables())
        raise KeyError(f"there is no view '{name}'. {did_you_mean(name, tables(), listed)}")
    table, schema = declared_in(folder)[name], _SCHEMAS[folder]
    key = ", ".join(table.primary_key)
    with connect(database) as connection:
        frame = connection.execute(f"select * from {schema}.{name} order by {key}").df()  # noqa: S608
    return schema_of(table).validate(as_declared(frame, table), lazy=True)
