"""What a stranger's CSV cannot do: reach outside the project, run, inject, or hang the check."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from conftest import Copy, Record, Row
from content import relations
from test_checks import places

from strike_ledger.checks import (
    MAX_FILE_BYTES,
    MAX_LINE_CHARACTERS,
    MAX_LINES,
    check,
    report,
)
from strike_ledger.declarations import PROJECT, RECORD, VOCABULARY

# --- outside the project --------------------------------------------------------------------

# Reading a file, opening the access again, writing a file.
OUTSIDE = [
    "select * from read_text('{file}')",
    "select 1; set enable_external_access = true",
    "select 1; copy (select 1 as a) to '{folder}/written.csv'",
]


def test_no_sql_of_the_build_reaches_outside(built: Copy, tmp_path: Path) -> None:
    """Even SQL that got into a model could not: the engine's door is shut before it is let in."""
    secret = tmp_path / "secret.csv"
    secret.write_text("word\nmelon\n", encoding="utf-8")
    sql = [statement.format(file=secret, folder=tmp_path) for statement in OUTSIDE]
    runs = [["run-operation", "run_query", "--args", f'{{"sql": "{one}"}}'] for one in sql]
    told = built.dbt(*(({}, run) for run in runs))
    assert [status for _, status in told] == ["1"] * len(OUTSIDE)
    for said, _ in told:
        assert re.search("disabled|Cannot enable external access", said), said
        assert "melon" not in said
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]


def test_the_check_prints_nothing_of_a_file_linked_to(record: Record, tmp_path: Path) -> None:
    """A link in place of a CSV would show the first line of any file as a strange header."""
    secret = tmp_path / "secret.csv"
    secret.write_text("melon,pear\n", encoding="utf-8")
    path = record.path("names")
    path.unlink()
    path.symlink_to(secret)
    (finding,) = record.check()
    assert "is a link to another" in str(finding)
    assert "melon" not in str(finding)


HOSTILE = [
    "'); drop table record.names; --",
    "{{ env_var('HOME') }}",
    "{% set x = run_query('drop schema marts cascade') %}",
    "${HOME} `id` $(id)",
    "\\'; select 1",
    "%s %(name)s {0}",
]


def test_cells_are_text_whatever_they_say(built: Copy, tmp_path: Path) -> None:
    """What a cell says in SQL, Jinja or shell is loaded as it stands, and runs nowhere."""
    mine = Copy(shutil.copytree(built.folder, tmp_path / "project"))
    record = Record(mine.folder)
    for number, cell in enumerate(HOSTILE):
        record.add("names", name_id=f"nam_planted_{number}", name=cell)
    mine.database.unlink()
    done = mine.run("dbt", "build", "--select", "+dim_actors")
    assert "Completed successfully" in done.stdout, done.stdout
    with duckdb.connect(str(mine.database), read_only=True) as connection:
        loaded = connection.execute(
            "select name from record.names where name_id like 'nam_planted_%' order by name_id"
        ).fetchall()
    assert [cell for (cell,) in loaded] == HOSTILE


# --- those who read on ----------------------------------------------------------------------


def _texts(database: Path) -> Iterator[str]:
    """Give every text cell of every table and view."""
    with duckdb.connect(str(database), read_only=True) as connection:
        for relation in relations(connection):
            for row in connection.execute(f"from {relation}").fetchall():
                yield from (cell for cell in row if isinstance(cell, str) and cell)


def test_no_cell_runs_in_a_spreadsheet_or_marks_up_a_page(built: Copy) -> None:
    """The views put texts together: what they make is held to what the checker asks of a cell."""
    formula = re.compile(r"[=+\-@\t\r](?!\d+(\.\d+)?$)")
    markup = re.compile(r"<[a-zA-Z/!?]|&#")
    texts = set(_texts(built.database))
    assert len(texts) > 10_000
    assert [text for text in texts if formula.match(text) or markup.search(text)] == []


def test_a_finding_moves_no_cursor(record: Record) -> None:
    """What a stranger wrote is printed on the terminal of a curator."""
    line = record.change("names", kind="\x1b[2Jalias\x07")
    path = record.path("actors")
    header, rest = path.read_text(encoding="utf-8").split("\n", 1)
    path.write_text(f"\x1b]0;x\x07{header}\n{rest}", encoding="utf-8")
    printed = report(record.check())
    assert all(c.isprintable() for c in printed.replace("\n", ""))
    assert f"names.csv:{line}" in printed
    assert "\\u001b]0;x\\u0007actor_id" in printed


# --- much of it -----------------------------------------------------------------------------


def _many(table: str, make: Callable[[int], Row]) -> Callable[[Record], None]:
    """Fill a table with as many rows as the limits allow."""

    def fill(r: Record) -> None:
        rows = list(r.rows(table).values())
        shortest = {name: "" for name in rows[0]} | {
            column.name: min((row[column.name] for row in rows), key=len)
            for column in r.declared(table).columns
            if column.required
        }
        rows += [shortest | make(n) for n in range(MAX_LINES - len(rows) - 2)]
        r.write(table, rows)
        assert r.path(table).stat().st_size <= MAX_FILE_BYTES

    return fill


def _quotes(r: Record) -> None:
    with r.path("names").open("ab") as file:
        file.write((b'"' * 9_999 + b"\n") * 400)


# What costs a careless checker time or memory beyond all measure, and in which column it is told.
MUCH = {
    "a chain as long as the table": (
        _many("locations", lambda n: {"location_id": f"loc_{n}", "part_of_id": f"loc_{n + 1}"}),
        "part_of_id",
    ),
    "as many rivals as rows": (
        _many(
            "propositions",
            lambda n: {
                "proposition_id": f"prp_{n}",
                "rival_group": "riv_one",
                "topic": ("motive", "legality")[n % 2],
            },
        ),
        "rival_group",
    ),
    "as many names of nobody as rows": (
        _many("statement_addressees", lambda n: {"addressee_id": f"act_nobody_{n}"}),
        "addressee_id",
    ),
    "nothing but quotation marks": (_quotes, "name_id"),
}


@pytest.mark.parametrize(("fill", "column"), MUCH.values(), ids=MUCH)
def test_the_check_comes_to_an_end(record: Record, fill: Callable, column: str) -> None:
    """A file within the limits is checked whole, however its rows hang together."""
    fill(record)
    findings = check(record.folder / RECORD, record.folder / VOCABULARY)
    assert column in {finding.column for finding in findings}
    assert len(report(findings).splitlines()) <= 1002


def test_the_readme_states_the_limits() -> None:
    """Whoever hands in a table learns beforehand how long it may be."""
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    assert f"more than {MAX_FILE_BYTES // 10**6} MB or {MAX_LINES:,} lines" in text
    assert f"a line of more than {MAX_LINE_CHARACTERS:,} characters" in text


LIMITS = {
    "too many bytes": (lambda b: b + b"x" * MAX_FILE_BYTES, f"more than {MAX_FILE_BYTES}"),
    "too many lines": (lambda b: b + b"\n" * MAX_LINES, f"more than {MAX_LINES}"),
}


@pytest.mark.parametrize(("grow", "told"), LIMITS.values(), ids=LIMITS)
def test_a_file_beyond_the_limits_is_refused_unread(
    record: Record, grow: Callable[[bytes], bytes], told: str
) -> None:
    """The limits are stated, far above any hand-made table, and come before any reading."""
    path = record.path("names")
    path.write_bytes(grow(path.read_bytes()))
    (finding,) = record.check()
    assert told in finding.problem
    assert places(record) == [("seeds_csv/names.csv", 0, "(file)")]
