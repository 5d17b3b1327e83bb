"""What a BI tool finds through the drivers that such tools use: names, types, keys, comments, rows.

The PostgreSQL target has its test by ODBC in test_postgres.py, beside the server that it needs.
"""

import asyncio
import re
import runpy
import shutil
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import adbc_driver_duckdb
import adbc_driver_manager.dbapi as adbc
import duckdb
import pyarrow as pa
import pytest
import sqlalchemy as sa
from conftest import Copy
from datasette.app import Datasette

from strike_ledger.declarations import MARTS, PROJECT, REPORTS, Table, tables

PAGE = PROJECT / "docs/opening.md"
VIEWS = tables(REPORTS)
MART_TABLES = tables(MARTS)


def _in_order(table: Table) -> str:
    """Give the query for all rows of a view, in the order of its key."""
    return f"select * from {table.name} order by {', '.join(table.primary_key)}"


@pytest.fixture(scope="module")
def rows(built: Copy) -> dict[str, pa.Table]:
    """Read every view with DuckDB's own client, against which the others are held."""
    with duckdb.connect(str(built.database), read_only=True) as connection:
        return {
            name: connection.sql(_in_order(table)).to_arrow_table() for name, table in VIEWS.items()
        }


# SQLAlchemy --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def engine(built: Copy, rows: dict[str, pa.Table]) -> Iterator[sa.Engine]:
    """Open the file as SQLAlchemy does, for reading, once DuckDB's own client has let go of it."""
    assert rows
    engine = sa.create_engine(
        f"duckdb:///{built.database}", connect_args={"read_only": True}, poolclass=sa.NullPool
    )
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def reflected(engine: sa.Engine) -> sa.MetaData:
    """Let SQLAlchemy find out by itself what is there: the marts, and the views without prefix."""
    assert sa.inspect(engine).default_schema_name == "main"
    metadata = sa.MetaData()
    metadata.reflect(engine, views=True)
    metadata.reflect(engine, schema="marts")
    return metadata


def test_sqlalchemy_finds_views_and_tables(reflected: sa.MetaData) -> None:
    """Each view and table has its columns in their order and its meaning beside each."""
    declared = VIEWS | {f"marts.{name}": table for name, table in MART_TABLES.items()}
    assert set(reflected.tables) == set(declared)
    for name, table in reflected.tables.items():
        assert table.comment == declared[name].description
        assert [(column.name, column.comment) for column in table.columns] == [
            (column.name, column.description) for column in declared[name].columns
        ]


def test_sqlalchemy_finds_keys(reflected: sa.MetaData) -> None:
    """A tool that joins by the keys it finds joins the marts rightly."""
    marts = [table for table in reflected.tables.values() if table.schema == "marts"]
    assert {table.name: {column.name for column in table.primary_key} for table in marts} == {
        name: set(table.primary_key) for name, table in MART_TABLES.items()
    }
    joins = {
        (table.name, key.parent.name, key.column.table.name, key.column.name)
        for table in marts
        for key in table.foreign_keys
    }
    # DuckDB cannot hold a key of a table that leads to the table itself.
    assert joins == {
        (name, column.name, *column.target)
        for name, table in MART_TABLES.items()
        for column in table.columns
        if column.target and column.target[0] != name
    }


def test_sqlalchemy_queries_every_view(
    engine: sa.Engine, reflected: sa.MetaData, rows: dict[str, pa.Table]
) -> None:
    """A query built from the reflected view gives the rows of the view."""
    with engine.connect() as bound:
        for name, table in VIEWS.items():
            view = reflected.tables[name]
            query = sa.select(view).order_by(*(view.c[key] for key in table.primary_key))
            found = [dict(row) for row in bound.execute(query).mappings()]
            assert found == rows[name].to_pylist(), name
            assert found


# ADBC --------------------------------------------------------------------------------------------

ARROW = {
    "string": pa.string(),
    "integer": pa.int32(),
    "bigint": pa.int64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "numeric(4,1)": pa.decimal128(4, 1),
}


def test_adbc_gives_every_view_as_declared(built: Copy, rows: dict[str, pa.Table]) -> None:
    """Through Arrow a whole number stays whole, a decimal a decimal, an unknown value null."""
    options = {"path": str(built.database), "access_mode": "READ_ONLY"}
    driver, entrypoint = adbc_driver_duckdb.driver_path(), "duckdb_adbc_init"
    with (
        adbc.connect(driver=driver, entrypoint=entrypoint, db_kwargs=options) as bound,
        bound.cursor() as cursor,
    ):
        for name, table in VIEWS.items():
            cursor.execute(_in_order(table))
            found = cursor.fetch_arrow_table()
            assert found.schema.names == table.column_names
            assert found.schema.types == [ARROW[c.data_type] for c in table.columns], name
            assert found.equals(rows[name]), name
            assert len(found)
        with pytest.raises(adbc.Error, match="read-only"):
            cursor.execute("create table marts.here (x integer)")


# Datasette ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ask(released: Path) -> Callable[[str], Any]:
    """Serve the SQLite file of the release inside this process, and give what answers a path."""
    served = Datasette([str(released / "strike_ledger.sqlite")])

    def answer(path: str) -> Any:
        response = asyncio.run(served.client.get(f"/strike_ledger/{path}"))
        assert response.status_code == 200, response.text
        return response.json() if ".json" in path else response.text

    return answer


def test_datasette_answers_for_every_view(
    ask: Callable[[str], Any], rows: dict[str, pa.Table]
) -> None:
    """Each view has its rows, and what is unknown is null and neither 0 nor an empty text."""
    n_unknown = 0
    for name, table in VIEWS.items():
        found = ask(f"{name}.json?_shape=objects&_size=100&_nofacet=1")
        assert found["columns"] == table.column_names
        assert found["filtered_table_rows_count"] == len(rows[name]), name
        shown = {tuple(str(row[key]) for key in table.primary_key): row for row in found["rows"]}
        for row in rows[name].to_pylist():
            answered = shown.pop(tuple(str(row[key]) for key in table.primary_key), None)
            if answered:
                unknown = [column for column, cell in row.items() if cell is None]
                assert [column for column, cell in answered.items() if cell is None] == unknown
                n_unknown += len(unknown)
        assert not shown, name
    assert n_unknown


def test_datasette_follows_keys(ask: Callable[[str], Any]) -> None:
    """From a reported figure a click leads to its event, and from the event back to its reports."""
    row = ask("fct_casualties.json?_shape=objects&_labels=on&_size=1")["rows"][0]
    event = row["event_id"]["value"]
    page = ask(f"fct_casualties?casualty_id={row['casualty_id']}")
    assert f'href="/strike_ledger/fct_events/{event}"' in page
    assert f"/strike_ledger/fct_casualties?event_id={event}" in ask(f"fct_events/{event}")


# The page ----------------------------------------------------------------------------------------


def test_the_lines_of_the_page_run(
    built: Copy, rows: dict[str, pa.Table], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What docs/opening.md tells a reader to type in Python gives the rows of the views."""
    shutil.copy(built.database, tmp_path)
    monkeypatch.chdir(tmp_path)
    results: dict[str, Any] = {}
    for n, lines in enumerate(
        re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    ):
        script = tmp_path / f"{n}.py"
        script.write_text(lines, encoding="utf-8")
        results |= runpy.run_path(str(script))
    harm = rows["civilian_harm_by_strike"].select(["event", "killed_best"]).to_pylist()
    assert sorted(map(str, results["rows"])) == sorted(str(tuple(row.values())) for row in harm)
    assert len(results["reactions"]) == len(rows["reactions_by_country"])


PACKAGES = (
    *("adbc-driver-manager", "datasette", "duckdb", "duckdb-sqlalchemy", "geopandas"),
    *("openpyxl", "pyodbc"),
)


@pytest.mark.parametrize("package", PACKAGES)
def test_the_page_names_the_versions_tried(package: str) -> None:
    """A tool said to be tried is the one with which the tests run."""
    assert f"{package} {version(package)}" in PAGE.read_text("utf-8")
