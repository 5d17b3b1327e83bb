"""The second engine: PostgreSQL builds the same tables and reports as DuckDB, cell by cell."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import psycopg2
import pytest
from cells import plain
from conftest import Copy
from psycopg2.extensions import connection as Connection

from strike_ledger.declarations import MARTS, REPORTS, tables

if TYPE_CHECKING:
    import pyodbc

SHOWN = 5


@pytest.fixture(scope="module")
def target(server: dict[str, str], built: Copy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the whole project on PostgreSQL, with all its tests, and give dbt's target folder."""
    with duckdb.connect(str(built.database), read_only=True) as connection:
        ((commit,),) = connection.execute("select git_commit from about").fetchall()
    folder = tmp_path_factory.mktemp("postgres")
    done = built.run(
        *("strike-ledger", "build", "--target", "postgres"),
        **server,
        DBT_TARGET_PATH=str(folder),
        DBT_LOG_PATH=str(folder),
        STRIKE_LEDGER_COMMIT=commit or "",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture
def postgres(server: dict[str, str], target: Path) -> Iterator[Connection]:
    """Connect to the database built on PostgreSQL; what a test changes there is undone."""
    assert target.is_dir()
    connection = psycopg2.connect(host=server["PGHOST"], user="postgres", dbname="postgres")
    yield connection
    connection.rollback()
    connection.close()


def _rows(query: Callable[[str], Any], relation: str) -> tuple[list[str], Counter]:
    """Give the column names of a table or view and its rows, as often as they occur."""
    cursor = query(f"select * from {relation}")
    names = [column[0] for column in cursor.description]
    return names, Counter(tuple(map(plain, row)) for row in cursor.fetchall())


def _relations(query: Callable[[str], Any]) -> list[str]:
    """Give every seed, mart and report, with its schema."""
    cursor = query(
        "select concat(table_schema, '.', table_name) from information_schema.tables "
        "where table_schema in ('record', 'marts', 'main')"
    )
    return sorted(name for (name,) in cursor.fetchall())


def test_same_cells(built: Copy, postgres: Connection) -> None:
    """Who charts the PostgreSQL target must not read other figures than who opens the file."""

    def ask_postgres(sql: str) -> Any:
        cursor = postgres.cursor()
        cursor.execute(sql)
        return cursor

    differences = []
    with duckdb.connect(str(built.database), read_only=True) as connection:
        relations = _relations(connection.execute)
        assert relations == _relations(ask_postgres)
        assert len(relations) == len(
            [*built.folder.glob("seeds*/*.csv"), *built.folder.glob("models/[mr]*s/*.sql")]
        )
        n_rows = 0
        for relation in relations:
            names, here = _rows(connection.execute, relation)
            other_names, there = _rows(ask_postgres, relation)
            n_rows += here.total()
            if names != other_names:
                differences.append(f"{relation}: columns {names} and {other_names}")
            for engine, only in (("DuckDB", here - there), ("PostgreSQL", there - here)):
                for row in sorted(only, key=repr)[:SHOWN]:
                    cells = dict(zip(names, row, strict=True))
                    differences.append(f"{relation}, {engine} only: {cells}")
    assert not differences, "\n".join(differences)
    assert n_rows > 0


@pytest.fixture
def odbc(server: dict[str, str], target: Path) -> Iterator["pyodbc.Connection"]:
    """Connect as a BI tool does that speaks ODBC."""
    assert target.is_dir()
    driver = "PostgreSQL Unicode"
    try:
        import pyodbc  # noqa: PLC0415  it needs the system's own library
    except ImportError:
        pytest.skip("no ODBC driver manager (Debian: unixodbc)")
    if driver not in pyodbc.drivers():
        pytest.skip(f"no ODBC driver '{driver}' (Debian: odbc-postgresql)")
    connection = pyodbc.connect(
        f"DRIVER={{{driver}}};SERVER={server['PGHOST']};PORT={server['PGPORT']};"
        f"DATABASE={server['PGDATABASE']};UID={server['PGUSER']};BoolsAsChar=0"
    )
    yield connection
    connection.close()


def test_odbc_finds_views_and_keys(odbc: "pyodbc.Connection") -> None:
    """A tool lists the views where it looks for them, and joins the tables by their keys."""
    cursor = odbc.cursor()
    views = {row.table_name for row in cursor.tables(schema="main", tableType="VIEW")}
    assert views == set(tables(REPORTS))
    for name, table in tables(MARTS).items():
        key = {row.column_name for row in cursor.primaryKeys(name, schema="marts")}
        assert key == set(table.primary_key)
        joins = cursor.foreignKeys(foreignTable=name, foreignSchema="marts").fetchall()
        assert {(row.fkcolumn_name, row.pktable_name, row.pkcolumn_name) for row in joins} == {
            (column.name, *column.target)
            for column in table.columns
            if column.target and column.target[0] != name
        }


def test_odbc_queries_every_view(odbc: "pyodbc.Connection", built: Copy) -> None:
    """What a tool reads through ODBC, however long, is what stands in the file."""
    with duckdb.connect(str(built.database), read_only=True) as connection:
        for view in tables(REPORTS):
            here = _rows(connection.execute, f"main.{view}")
            assert here == _rows(odbc.cursor().execute, f"main.{view}"), view
            assert here[1]


# Texts that a looser reading of the pattern of a clock time would let pass.
PLANTED = {"foreign digits": "٠٩:٣٠", "a second line": "09:30\n", "more around it": "at 09:30"}


@pytest.mark.parametrize("value", [pytest.param(value, id=name) for name, value in PLANTED.items()])
def test_patterns_are_read_alike(value: str, postgres: Connection, target: Path) -> None:
    """A pattern binds the whole text and counts only 0 to 9 as digits, on this engine too."""
    compiled = target / "compiled/strike_ledger/tests/dbt/record_as_declared.sql"
    violations = compiled.read_text(encoding="utf-8")
    with postgres.cursor() as cursor:
        cursor.execute(violations)
        assert cursor.fetchall() == []
        cursor.execute(
            "update record.response_states set local_time = %s "
            "where response_id = (select min(response_id) from record.response_states)",
            [value],
        )
        cursor.execute(violations)
        found = cursor.fetchall()
    assert found
    assert {table for table, _, _ in found} == {"response_states"}
    assert all("local_time has another form" in problems for _, _, problems in found)
