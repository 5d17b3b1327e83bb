"""Whether bad rows stay out of the database and a failed build leaves the good one alone.

Everything happens in a copy of the project, built once for the session.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from conftest import Copy, Record

FIRST, SECOND = "first", "second"
COMMIT = "select git_commit from about"
# A second process that holds the file open and answers once more when told to.
READER = f"""
import duckdb, sys
connection = duckdb.connect(sys.argv[1], read_only=True)
for _ in range(2):
    print(connection.execute({COMMIT!r}).fetchone()[0], flush=True)
    sys.stdin.readline()
"""


def contents(database: Path) -> dict[str, list[tuple]]:
    """Give the rows of every table and view of every schema, in order."""
    with duckdb.connect(str(database), read_only=True) as connection:
        names = connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables order by all"
        ).fetchall()
        return {
            name: connection.execute(f"select * from {name} order by all").fetchall()
            for (name,) in names
        }


@pytest.fixture
def untouched(built: Copy) -> Iterator[Copy]:
    """Lend the built copy; its database must be byte for byte as it was, and no litter left."""
    before = built.database.read_bytes()
    yield built
    assert built.database.read_bytes() == before, "the database has changed"
    assert not built.database.with_name("strike_ledger.duckdb.wal").exists()
    assert list((built.folder / ".build").glob("new_*")) == []


@pytest.mark.parametrize(
    "command",
    ["dbt build", "dbt seed", "dbt run", "strike-ledger build --target postgres"],
)
def test_nothing_is_loaded_from_a_record_that_fails(untouched: Copy, command: str):
    """Whoever forgets to check first is told the line, and no database is touched.

    The gate speaks on DuckDB only; for another target the command checks before it calls dbt.
    """
    record = Record(untouched.folder)
    path = record.path("episodes")
    good = path.read_bytes()
    line = record.change("episodes", from_date="mid-January")
    try:
        done = untouched.run(*command.split())
    finally:
        path.write_bytes(good)
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert f"seeds_csv/episodes.csv:{line} " in said
    assert "from_date: 'mid-January' is not a date. Write a day as YYYY-MM-DD" in said
    assert "Completed" not in said


def test_a_failing_test_of_the_data_keeps_the_last_good_file(untouched: Copy):
    """The file is put in place only when everything passed, not when it was merely written."""
    planted = untouched.folder / "tests/dbt/planted.sql"
    planted.write_text("select * from {{ ref('about') }}\n", encoding="utf-8")
    try:
        done = untouched.run("strike-ledger", "build")
    finally:
        planted.unlink()
    assert done.returncode == 1
    assert "Error: the build failed; strike_ledger.duckdb is as it was" in done.stderr
    assert "planted" in done.stdout


@pytest.fixture(scope="module")
def rebuilt(built: Copy, tmp_path_factory: pytest.TempPathFactory) -> dict:
    """Build again while a reader has the file open, after a build that was killed."""
    first = tmp_path_factory.mktemp("first") / "strike_ledger.duckdb"
    first.write_bytes(built.database.read_bytes())
    inode = built.database.stat().st_ino
    (built.folder / ".build/new_killed").mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", READER, built.database],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        before = reader.stdout.readline().strip()
        done = built.run("strike-ledger", "build", STRIKE_LEDGER_COMMIT=SECOND)
        rest, _ = reader.communicate("\n\n")
    return {"first": first, "inode": inode, "done": done, "reader": [before, rest.strip()]}


def test_a_build_succeeds_beside_a_reader_who_keeps_the_old_answers(built: Copy, rebuilt: dict):
    """Readers block no build and see one state of the record, the old one or the new one."""
    assert rebuilt["done"].returncode == 0, rebuilt["done"].stdout
    assert rebuilt["done"].stdout.endswith("strike_ledger.duckdb is in place.\n")
    assert rebuilt["reader"] == [FIRST, FIRST]
    assert built.database.stat().st_ino != rebuilt["inode"], "the old file was written over"
    with duckdb.connect(str(built.database), read_only=True) as connection:
        assert connection.execute(COMMIT).fetchone() == (SECOND,)
    assert list((built.folder / ".build").glob("new_*")) == []


def test_building_twice_gives_the_same_content(built: Copy, rebuilt: dict):
    """The same record must give the same figures and the same hash, wherever it is built."""
    once, again = contents(rebuilt["first"]), contents(built.database)
    assert {"main.about", "main.timeline", "marts.fct_events", "record.events"} <= set(once)
    (first,), (second,) = once["main.about"], again["main.about"]
    assert first != second
    assert [c for c in first if c != FIRST] == [c for c in second if c != SECOND]
    del once["main.about"], again["main.about"]
    assert once == again


def test_the_file_opens_in_every_duckdb_since_1_0(built: Copy):
    """Readers have other versions than ours, so the oldest storage format is written."""
    with duckdb.connect(str(built.database), read_only=True) as connection:
        (tags,) = connection.execute(
            "select tags from duckdb_databases() where database_name = current_database()"
        ).fetchone()
        with pytest.raises(duckdb.InvalidInputException, match="read-only"):
            connection.execute("create table main.planted (a integer)")
    assert tags["storage_version"].startswith("v1.0.0")
