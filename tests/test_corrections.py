"""Values changed after a release: each correction says what its cell held, and holds now.

The rules on a row of corrections.csv are planted in test_checks.py; here stands what depends on
the table and the column that a correction names, before loading and in the database.
"""

import csv
import shutil
from collections.abc import Callable, Iterator

import duckdb
import pytest
from conftest import Copy, Record, Row
from test_checks import Place, Plant, correct, correction, ids, removal, told

from strike_ledger.declarations import PROJECT, RECORD, VOCABULARY, tables


def test_single_keys_are_what_can_be_corrected() -> None:
    """A row is named by one cell, so the list holds just the tables whose key is one column."""
    with (PROJECT / VOCABULARY / "codes.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        listed = {row["code"] for row in rows if row["code_list"] == "corrected_tables"}
    single = {table.name for table in tables(RECORD).values() if len(table.primary_key) == 1}
    assert listed == single - {"corrections"}


# --- before loading -------------------------------------------------------------------------


def figure(r: Record, written: str = "{}") -> Row:
    """Give a correction of a figure, with the new value written in some way."""
    _, row = r.find("casualties", lambda row: row["figure_low"])
    values = {"corrected_table": "casualties", "corrected_id": row["casualty_id"]}
    values |= {"column_name": "figure_low", "new_value": written.format(row["figure_low"])}
    return correction(r, n=6, old_value="-44.1", **values)


def right(r: Record) -> list[Row]:
    """Give true corrections: chains, to and from empty, a number, a day, a row taken out."""
    _, event = r.find("events")
    _, episode = r.find("episodes")
    of_event = {"corrected_table": "events", "corrected_id": event["event_id"]}
    of_episode = {"corrected_table": "episodes", "corrected_id": episode["episode_id"]}
    return [
        # Not in the order of their days: the chain is.
        correction(r, n=3, old_value="Persia"),
        correction(r, n=1, new_value=""),
        correction(r, n=2, old_value="", new_value="Persia"),
        correction(r, n=4, column_name="note", old_value="A note.", new_value=""),
        correction(r, n=5, **of_event, column_name="label", new_value=event["label"]),
        figure(r),
        correction(r, n=9, **of_episode, column_name="to_date", new_value=episode["to_date"]),
        # A row that was corrected and then taken out.
        correction(r, n=7, corrected_id="act_gone", new_value="Nobody"),
        removal(n=8),
    ]


def test_right_corrections_hold(record: Record) -> None:
    """Whoever corrects as he should is not stopped; and the plants below start from this."""
    correct(record, *right(record))
    assert [str(finding) for finding in record.check()] == []


def used_again(r: Record) -> tuple:
    """Add an actor under the key of one taken out: it is told where the actor is."""
    correct(r, removal())
    return (r.add("actors", actor_id="act_gone"),)


def not_latest(r: Record) -> int:
    """Say what the cell held once, and leave the later correction out."""
    return correct(r, correction(r, old_value="Iram", new_value="Persia"))


def twice_a_day(r: Record) -> tuple[int, Place]:
    """Correct a cell twice on one day: which of the two came first cannot be told."""
    line = correct(r, correction(r), correction(r, correction_id="cor_b"))
    return line, Place("seeds_csv/corrections.csv", line, "old_value")


def plant(column: str, edit: Callable, problem: str, remedy: str) -> Plant:
    """Give a plant that is told in corrections.csv."""
    return Plant("correction", "corrections", column, edit, problem, remedy)


PLANTS = [
    plant(
        "column_name",
        lambda r: correct(r, correction(r, column_name="nane")),
        "'nane' is not a column of actors.csv",
        "Did you mean 'name'?",
    ),
    plant(
        "column_name",
        lambda r: correct(r, correction(r, column_name="zzz")),
        "'zzz' is not a column of actors.csv",
        "Its columns are: actor_id, name",
    ),
    plant(
        "corrected_table",
        lambda r: correct(r, correction(r, corrected_table="actor")),
        "'actor' is not in the list corrected_tables",
        "Did you mean 'actors'?",
    ),
    plant(
        "corrected_table",
        lambda r: correct(r, correction(r, corrected_table="claims")),
        "'claims' is not in the list corrected_tables",
        "",
    ),
    plant(
        "corrected_id",
        lambda r: correct(r, correction(r, corrected_id="act_irann")),
        "'act_irann' is not in actors.csv",
        "Did you mean 'act_iran'? If the row was taken out, add that as a correction of its actor_",
    ),
    plant(
        "new_value",
        not_latest,
        "'Persia', but name in seeds_csv/actors.csv:",
        "Restore the cell, or add the correction that changed it",
    ),
    plant(
        "new_value",
        lambda r: correct(r, correction(r, new_value="")),
        "empty, but name in seeds_csv/actors.csv:",
        "Restore the cell",
    ),
    plant(
        "new_value",
        lambda r: correct(r, correction(r, column_name="note", new_value="A note.")),
        " is empty",
        "Restore the cell",
    ),
    plant(
        "new_value",
        lambda r: correct(r, figure(r, "0{}")),
        "but figure_low in seeds_csv/casualties.csv:",
        "Restore the cell",
    ),
    plant(
        "new_value",
        lambda r: correct(r, removal() | {"new_value": "act_other"}),
        "'act_other' would be another key for the row",
        "empty new_value to take the row out",
    ),
    plant(
        "old_value",
        lambda r: correct(r, removal() | {"old_value": "act_other"}),
        "'act_other' is not the key of the row taken out",
        "Write act_gone",
    ),
    Plant(
        "correction",
        "actors",
        "actor_id",
        used_again,
        "'act_gone' was taken out (cor_planted_1)",
        "A key is never used again",
    ),
    plant(
        "(corrected_table, corrected_id, column_name, corrected_date)",
        twice_a_day,
        "stands already in line 2",
        "",
    ),
    plant(
        "corrected_date",
        lambda r: correct(r, correction(r, corrected_date="soon", new_value="Persia")),
        "'soon' is not a date",
        "",
    ),
]


@pytest.mark.parametrize("plant", PLANTS, ids=ids)
def test_a_false_correction_is_told(record: Record, plant: Plant) -> None:
    """Each way to be wrong is told in its place, in words that say what is right."""
    told(record, plant)


def test_a_correction_of_no_column_is_told_once(record: Record) -> None:
    """An empty cell is empty; that it is no column either need not be said."""
    correct(record, correction(record, column_name=""))
    assert [(f.column, f.problem) for f in record.check()] == [("column_name", "is empty")]


@pytest.mark.parametrize("torn", ["actors", "corrections"])
def test_corrections_wait_for_a_torn_table(record: Record, torn: str) -> None:
    """Of a table that could not be read nobody can say what its cells hold, or held."""
    correct(record, *right(record), correction(record, n=10, column_name="kind", new_value="x"))
    with record.path(torn).open("a", encoding="utf-8") as file:
        file.write('torn,"\n')
    (finding,) = record.check()
    assert finding.file == f"seeds_csv/{torn}.csv"
    assert "a quotation mark is out of place" in finding.problem


def test_all_false_corrections_come_at_once(record: Record) -> None:
    """One wrong correction does not hide the next, nor a broken chain the value."""
    first = correct(record, correction(record, n=1, column_name="nane"))
    last = correct(
        record,
        correction(record, n=2, new_value="Iran?"),
        correction(record, n=3, old_value="Iran!", new_value="Persia"),
    )
    file = "seeds_csv/corrections.csv"
    assert [Place(f.file, f.line, f.column) for f in record.check()] == [
        (file, first, "column_name"),
        (file, last, "new_value"),
        (file, last, "old_value"),
    ]


# --- in the database ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def database(
    built: Copy, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a copy of the built database; its compiled SQL names the file, so the name stays."""
    path = shutil.copy(built.database, tmp_path_factory.mktemp("corrected"))
    with duckdb.connect(path) as connection:
        yield connection


def violations(
    built: Copy, database: duckdb.DuckDBPyConnection, rows: list[Row], also: str = ""
) -> list[tuple]:
    """Give what the test of the record says of corrections, and undo them."""
    compiled = built.folder / "target/compiled/strike_ledger/tests/dbt/record_as_declared.sql"
    database.begin()
    try:
        for row in rows:
            database.execute(
                "insert into record.corrections values (" + ", ".join("?" * len(row)) + ")",
                [row[name] or None for name in tables(RECORD)["corrections"].column_names],
            )
        database.execute(also or "select 1")
        return database.execute(compiled.read_text(encoding="utf-8")).fetchall()
    finally:
        database.rollback()


def test_right_corrections_hold_in_the_database(
    built: Copy, database: duckdb.DuckDBPyConnection
) -> None:
    """The test of what was loaded lets through what the checker lets through."""
    assert violations(built, database, right(Record(built.folder))) == []


@pytest.mark.parametrize("plant", [p for p in PLANTS if p.column != "corrected_date"], ids=ids)
def test_a_false_correction_is_told_of_the_database(
    plant: Plant, record: Record, built: Copy, database: duckdb.DuckDBPyConnection
) -> None:
    """What came past the checker is told; 09 for 9 is not, since what was loaded is a number."""
    plant.edit(record)
    rows = list(record.rows("corrections").values())
    again = "insert into record.actors from (select * replace ('act_gone' as actor_id) "
    again += "from record.actors limit 1)"
    also = again if plant.table == "actors" else ""
    found = violations(built, database, rows, also)
    if rows[0]["column_name"] == "figure_low":
        assert found == []
        return
    assert {table for table, _, _ in found} == {"corrections"}
    assert {key for _, key, _ in found} <= {row["correction_id"] for row in rows}
