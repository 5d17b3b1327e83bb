"""The project's own dbt tests see what they are there to see: a fault planted brings rows back."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from conftest import Copy

from strike_ledger.declarations import PROJECT, REPORTS

NAMES = sorted(path.stem for path in (PROJECT / REPORTS).glob("*.sql"))


@pytest.fixture(scope="module")
def compiled(built: Copy) -> Path:
    """Give the folder of the SQL that dbt ran in the build."""
    return built.folder / "target/compiled/strike_ledger"


@pytest.fixture(scope="module")
def _writable(built: Copy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    # The compiled SQL names the database, which is named after its file.
    return Path(shutil.copy(built.database, tmp_path_factory.mktemp("planted")))


@pytest.fixture
def database(_writable: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a copy of the database; what a test plants in it is rolled back."""
    with duckdb.connect(str(_writable)) as connection:
        connection.begin()
        yield connection
        connection.rollback()


def _at_fault(compiled: Path, database: duckdb.DuckDBPyConnection) -> list[str]:
    asked = (compiled / "tests/dbt/reports_keyed.sql").read_text(encoding="utf-8")
    return [report for report, _ in database.sql(asked).fetchall()]


def test_reports_keyed_is_silent_on_clean_reports(
    compiled: Path, database: duckdb.DuckDBPyConnection
) -> None:
    """A test that always found rows would be switched off within a week."""
    for report in NAMES:
        assert database.sql(f"select * from {report}").fetchall()
    assert _at_fault(compiled, database) == []


def test_reports_keyed_asks_every_report(compiled: Path) -> None:
    """The names stand in the test, so that dbt knows what it waits for; a new one is not there."""
    asked = (compiled / "tests/dbt/reports_keyed.sql").read_text(encoding="utf-8")
    assert re.findall(r"'(\w+)' as report,", asked) == NAMES


# Report, what is done to its rows, and how many rows the test must bring back.
SPOILED = {
    "a row twice": (
        "casualty_reports",
        "insert into casualty_reports from casualty_reports limit 1",
        2,
    ),
    "a key of two columns twice": (
        "reactions_by_country",
        "insert into reactions_by_country from reactions_by_country limit 1",
        2,
    ),
    "a key missing": (
        "timeline",
        "update timeline set item_id = null where item_id = (select min(item_id) from timeline)",
        1,
    ),
    "half a key missing": (
        "reactions_by_country",
        "update reactions_by_country set event_id = null where (responder_id, event_id) = "
        "(select (responder_id, event_id) from reactions_by_country limit 1)",
        1,
    ),
    "a required value missing": (
        "disputed_facts",
        "update disputed_facts set positions = null "
        "where dispute_id = (select min(dispute_id) from disputed_facts)",
        1,
    ),
    "fewer than no one killed": (
        "civilian_harm_by_strike",
        "update civilian_harm_by_strike set killed_low = -1 "
        "where event_id = (select min(event_id) from civilian_harm_by_strike)",
        1,
    ),
    "two databases in one": (
        "about",
        "insert into about from about",
        2,
    ),
}


@pytest.mark.parametrize(("report", "fault", "n_rows"), SPOILED.values(), ids=SPOILED)
def test_reports_keyed_sees_a_fault(
    report: str, fault: str, n_rows: int, compiled: Path, database: duckdb.DuckDBPyConnection
) -> None:
    """A report in which a fault was planted is told for the rows at fault, and no other is."""
    database.sql(f"create table spoiled as from {report}")
    database.sql(f"drop view {report}")
    database.sql(f"alter table spoiled rename to {report}")
    assert _at_fault(compiled, database) == []
    database.sql(fault)
    assert _at_fault(compiled, database) == [report] * n_rows


def _violations(
    compiled: Path, database: duckdb.DuckDBPyConnection
) -> list[tuple[str, str | None, str]]:
    path = compiled / "tests/dbt/record_as_declared.sql"
    return database.sql(path.read_text(encoding="utf-8")).fetchall()


def test_record_as_declared_is_silent_on_the_record(
    compiled: Path, database: duckdb.DuckDBPyConnection
) -> None:
    """The record as it was loaded keeps what its YAML declares."""
    assert _violations(compiled, database) == []


# The table spoiled, the change made to one row of it, and the problem told of that table.
BROKEN = {
    "a required value missing": ("events", "label = null", "label is empty"),
    "a key without a form": ("events", "event_id = 'Evt 1'", "event_id has another form"),
    "a reference to nobody": (
        "statements",
        "claimant_id = 'act_nobody'",
        "claimant_id is not in actors",
    ),
    "a reference to nothing in the table named": (
        "claims",
        "target_id = 'prp_nothing'",
        "target_id is not in the table named in target_table",
    ),
    "a reference into the wrong table": (
        "citations",
        "cited_table = 'responses'",
        "cited_id is not in the table named in cited_table",
    ),
    "an unknown code": ("casualties", "outcome = 'hurt'", "outcome is not in the list outcomes"),
    "a code of another list": (
        "casualties",
        "outcome = 'child'",
        "outcome is not in the list outcomes",
    ),
    "a part of itself": ("events", "part_of_id = event_id", "part_of_id leads back to itself"),
    "fewer than no one": ("casualties", "figure_low = -1", "figure_low is less than 0"),
    "more than anyone": (
        "casualties",
        "figure_high = 1000000",
        "figure_high is more than 100000",
    ),
    "low above high": (
        "casualties",
        "figure_low = 9, figure_high = 8",
        "Put the lower figure into",
    ),
    "the later day first": (
        "sources",
        "published_from_date = published_to_date + 1",
        "Put the earlier day into published_from_date",
    ),
    "a clock with foreign digits": (
        "response_states",
        "local_time = '٠٩:٣٠'",
        "local_time has another form",
    ),
    "a clock within a text": (
        "response_states",
        "local_time = 'at 09:30'",
        "local_time has another form",
    ),
}


@pytest.mark.parametrize(("table", "change", "problem"), BROKEN.values(), ids=BROKEN)
def test_record_as_declared_sees_a_fault(
    table: str, change: str, problem: str, compiled: Path, database: duckdb.DuckDBPyConnection
) -> None:
    """A fault that came into the database past the checker is told by table and column."""
    database.sql(f"update record.{table} set {change} where rowid = 0")
    told = [problems for name, _, problems in _violations(compiled, database) if name == table]
    assert any(problem in problems for problems in told)


@pytest.mark.parametrize("table", ["events", "claims"])
def test_record_as_declared_sees_a_row_twice(
    table: str, compiled: Path, database: duckdb.DuckDBPyConnection
) -> None:
    """The tables have no constraints of their own: only this test tells a row loaded twice."""
    database.sql(f"insert into record.{table} from record.{table} limit 1")
    told = [problems for name, _, problems in _violations(compiled, database) if name == table]
    assert len([problems for problems in told if "stands more than once" in problems]) == 2
