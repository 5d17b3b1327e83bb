"""Whether bad rows stay out of the database, and which DuckDB can open what a build leaves.

Everything happens in a copy of the project, built once for the session.
"""

from collections.abc import Iterator

import duckdb
import pytest
from conftest import Copy, Record


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
    [
        *("dbt build", "dbt seed", "dbt run"),
        *("strike-ledger build", "strike-ledger build --target postgres"),
    ],
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
    assert "from_date: 'mid-January' is not a date. Write a day of the years 1900 to 2099" in said
    assert "Completed" not in said


def test_the_file_opens_in_every_duckdb_since_1_0(built: Copy):
    """Readers have other versions than ours, so the oldest storage format is written."""
    with duckdb.connect(str(built.database), read_only=True) as connection:
        (tags,) = connection.execute(
            "select tags from duckdb_databases() where database_name = current_database()"
        ).fetchone()
        with pytest.raises(duckdb.InvalidInputException, match="read-only"):
            connection.execute("create table main.planted (a integer)")
    assert tags["storage_version"].startswith("v1.0.0")
