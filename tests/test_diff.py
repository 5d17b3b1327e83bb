"""Two releases side by side: what changed is told cell by cell, and nothing else is."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result
from conftest import Copy

from strike_ledger.cli import main
from strike_ledger.diff import Change, Difference, differences, uncorrected, version_step

SMALL = """
create schema record;
create schema marts;
create table record.actors (actor_id varchar, name varchar, note varchar);
insert into record.actors values ('act_a', 'A', null), ('act_b', 'B', ''), ('act_c', 'C', 'x y');
create table record.event_actors (event_id varchar, actor_id varchar, role varchar, note varchar);
insert into record.event_actors
values ('evt_a', 'act_a', 'struck', 'n'), ('evt_a', 'act_a', 'r', 'n');
create table record.corrections (
    correction_id varchar,
    corrected_table varchar,
    corrected_id varchar,
    column_name varchar,
    new_value varchar
);
create table record.codes (code_list varchar, code varchar, label varchar);
insert into record.codes values ('sexes', 'male', 'Male');
create table marts.figures (event_id varchar, killed integer);
insert into marts.figures values ('evt_a', 6), ('evt_b', null);
create view main.about as select 'Strike Ledger' as title, '0.1.0' as version;
create view main.civilian_harm_by_strike as
select event_id, killed as killed_best from marts.figures;
"""

Make = Callable[..., Path]


@pytest.fixture
def made(tmp_path: Path) -> Make:
    """Give a function that makes a small database, altered by some statements."""

    def make(name: str, *statements: str, after: str = SMALL) -> Path:
        path = tmp_path / f"{name}.duckdb"
        with duckdb.connect(str(path)) as connection:
            for statement in (after, *statements):
                connection.execute(statement)
        return path

    return make


def run(*arguments: object) -> Result:
    """Run `strike-ledger diff`."""
    return CliRunner().invoke(main, ["diff", *map(str, arguments)])


def only(found: list[Difference]) -> Difference:
    """Give the one difference that there must be."""
    (difference,) = found
    return difference


def test_equal_databases_do_not_differ(made: Make) -> None:
    """A file rebuilt, or copied under another name, is the same release; so is the file itself."""
    old, new = made("old"), made("new; it's")
    for pair in ((old, new), (old, old)):
        assert differences(*pair) == []
        result = run(*pair)
        assert (result.exit_code, result.output) == (0, "Nothing differs.\n")


# A change of the small database, the table in which it shows, and how it is told.
KEY = ("act_a",)
CHANGES = {
    "a row added": (
        "insert into record.actors values ('act_d', 'D', null)",
        Difference("record", "actors", added=(("act_d",),)),
        "minor",
    ),
    "rows out of order": (
        "insert into record.actors values ('act_f', '', ''), ('act_d', '', ''), ('act_e', '', '')",
        Difference("record", "actors", added=(("act_d",), ("act_e",), ("act_f",))),
        "minor",
    ),
    "a row removed": (
        "delete from record.actors where actor_id = 'act_a'",
        Difference("record", "actors", removed=(KEY,)),
        "patch",
    ),
    "a cell changed": (
        "update record.actors set name = 'Z' where actor_id = 'act_a'",
        Difference("record", "actors", changed=(Change(KEY, "name", "A", "Z"),)),
        "patch",
    ),
    "two cells of a row": (
        "update record.actors set name = null, note = 'n' where actor_id = 'act_a'",
        Difference(
            "record",
            "actors",
            changed=(Change(KEY, "name", "A", None), Change(KEY, "note", None, "n")),
        ),
        "patch",
    ),
    "NULL to empty": (
        "update record.actors set note = '' where actor_id = 'act_a'",
        Difference("record", "actors", changed=(Change(KEY, "note", None, ""),)),
        "patch",
    ),
    "half of a key": (
        "update record.event_actors set role = 'attacker' where role = 'r'",
        Difference(
            "record",
            "event_actors",
            added=(("evt_a", "act_a", "attacker"),),
            removed=(("evt_a", "act_a", "r"),),
        ),
        "minor",
    ),
    "beside a compound key": (
        "update record.event_actors set note = 'm' where role = 'r'",
        Difference(
            "record",
            "event_actors",
            changed=(Change(("evt_a", "act_a", "r"), "note", "n", "m"),),
        ),
        "patch",
    ),
    "a correction entered": (
        "insert into record.corrections values ('cor_a', 'actors', 'act_z', 'name', 'Z')",
        Difference("record", "corrections", added=(("cor_a",),)),
        "patch",
    ),
    "a column added": (
        "alter table record.actors add column colour integer",
        Difference("record", "actors", columns=(("colour", None, "INTEGER"),)),
        "minor",
    ),
    "a column removed": (
        "alter table record.actors drop column note",
        Difference("record", "actors", columns=(("note", "VARCHAR", None),)),
        "major",
    ),
    "a type changed": (
        "drop view civilian_harm_by_strike; create view civilian_harm_by_strike as "
        "select event_id, killed::bigint as killed_best from marts.figures",
        Difference(
            "main", "civilian_harm_by_strike", columns=(("killed_best", "INTEGER", "BIGINT"),)
        ),
        "major",
    ),
    "a column of a view added": (
        "drop view civilian_harm_by_strike; create view civilian_harm_by_strike as "
        "select event_id, killed as killed_best, killed as killed_low from marts.figures",
        Difference("main", "civilian_harm_by_strike", columns=(("killed_low", None, "INTEGER"),)),
        "minor",
    ),
    "a table added": (
        "create table record.extra (a integer)",
        Difference("record", "extra", only_in="NEW"),
        "minor",
    ),
    "a table removed": (
        "drop table record.event_actors",
        Difference("record", "event_actors", only_in="OLD"),
        "major",
    ),
    "a view removed": (
        "drop view civilian_harm_by_strike",
        Difference("main", "civilian_harm_by_strike", only_in="OLD"),
        "major",
    ),
    "a word changed": (
        "update record.codes set label = 'Man'",
        Difference("record", "codes", changed=(Change(("sexes", "male"), "label", "Male", "Man"),)),
        "major",
    ),
    "a word added": (
        "insert into record.codes values ('sexes', 'female', 'Female')",
        Difference("record", "codes", added=(("sexes", "female"),)),
        "minor",
    ),
    "a figure moved": (
        "update marts.figures set killed = 7 where event_id = 'evt_a'",
        Difference(
            "main",
            "civilian_harm_by_strike",
            changed=(Change(("evt_a",), "killed_best", "6", "7"),),
        ),
        "major",
    ),
    "unknown made zero": (
        "update marts.figures set killed = 0 where event_id = 'evt_b'",
        Difference(
            "main",
            "civilian_harm_by_strike",
            changed=(Change(("evt_b",), "killed_best", None, "0"),),
        ),
        "major",
    ),
    "a row of a view": (
        "insert into marts.figures values ('evt_c', 1)",
        Difference("main", "civilian_harm_by_strike", added=(("evt_c",),)),
        "major",
    ),
    "another release": (
        "create or replace view about as select 'Strike Ledger' as title, '0.1.1' as version",
        Difference(
            "main", "about", changed=(Change(("Strike Ledger",), "version", "0.1.0", "0.1.1"),)
        ),
        "none",
    ),
}


@pytest.mark.parametrize(("change", "difference", "step"), CHANGES.values(), ids=CHANGES)
def test_a_change_is_told_and_nothing_else(
    change: str, difference: Difference, step: str, made: Make
) -> None:
    """Each kind of change, alone: its place, both values, and what it makes of the version."""
    old, new = made("old"), made("new", change)
    assert only(differences(old, new)) == difference
    assert version_step([difference])[0] == step
    assert run(old, new).exit_code == 1


def test_backwards_is_the_mirror_image(made: Make) -> None:
    """OLD and NEW are not mistaken for one another."""
    old, new = made("old"), made("new", CHANGES["a cell changed"][0], CHANGES["a row added"][0])
    assert only(differences(new, old)) == Difference(
        "record",
        "actors",
        removed=(("act_d",),),
        changed=(Change(KEY, "name", "Z", "A"),),
    )


def test_the_highest_step_counts(made: Make) -> None:
    """A release with a correction, a new row and a lost column is a major one."""
    kinds = ["a cell changed", "a row added", "a column removed"]
    steps = []
    for n in range(1, len(kinds) + 1):
        new = made(f"new{n}", *(CHANGES[kind][0] for kind in kinds[:n]))
        steps.append(version_step(differences(made(f"old{n}"), new))[0])
    assert steps == ["patch", "minor", "major"]


def test_figures_that_move_with_the_record_are_no_changed_rule(made: Make) -> None:
    """A new report moves a range: that is what it is for."""
    new = made("new", CHANGES["a row added"][0], CHANGES["a figure moved"][0])
    step, grounds = version_step(differences(made("old"), new))
    assert (step, grounds) == ("minor", ["new rows in record.actors"])


def test_rows_without_a_shared_key_are_their_own(made: Make) -> None:
    """A table that this version does not declare, or whose key was renamed, is compared whole."""
    extra = "create table record.extra (a integer, b varchar)"
    old = made("old", extra, "insert into record.extra values (1, null), (2, null)")
    new = made("new", extra, "insert into record.extra values (1, ''), (2, null)")
    assert only(differences(old, new)) == Difference(
        "record", "extra", added=(("1", ""),), removed=(("1", None),)
    )
    renamed = "alter table record.codes rename code to word"
    found = only(differences(made("code"), made("word", renamed)))
    assert found.columns == (("code", "VARCHAR", None), ("word", None, "VARCHAR"))
    assert (found.added, found.removed) == ((), ())
    found = only(
        differences(
            made("a", "create table record.b (a int)"), made("c", "create table record.b (c int)")
        )
    )
    assert found == Difference(
        "record", "b", columns=(("a", "INTEGER", None), ("c", None, "INTEGER"))
    )


def test_the_text_is_grouped_and_tells_null_from_empty(made: Make) -> None:
    """The whole of what a person reads, summary first."""
    new = made(
        "new",
        "update record.actors set name = 'The B', note = null where actor_id = 'act_b'",
        "delete from record.actors where actor_id = 'act_c'",
        "insert into record.actors values ('act_d', 'NULL', null)",
        "update record.actors set name = 'NULL' where actor_id = 'act_a'",
        "create table record.extra (a integer)",
        CHANGES["a column added"][0],
        CHANGES["a figure moved"][0],
        CHANGES["a row of a view"][0],
    )
    assert run(made("old"), new).output == (
        """\
The record: rows 1 added, 1 removed, 2 changed; the views: rows 1 added, 0 removed, 1 changed.

== The record

actors: rows 1 added, 1 removed, 2 changed
  column colour: only in NEW
  + act_d
  - act_c
  ~ act_a
      name: A -> 'NULL'
  ~ act_b
      name: B -> 'The B'
      note: '' -> NULL

extra: only in NEW

== The views

civilian_harm_by_strike: rows 1 added, 0 removed, 1 changed
  + evt_c
  ~ evt_a
      killed_best: 6 -> 7

Version step: minor (new column record.actors.colour; new rows in record.actors; """
        """record.extra only in NEW)
A correction is a patch; a new row is minor; a changed or removed column is major """
        """(before 1.0.0 minor).

Changed or gone without a row in corrections.csv:
  actors, act_a, name
  actors, act_b, name
  actors, act_b, note
  actors, act_c
"""
    )


def test_what_has_a_correction_is_not_missed(made: Make) -> None:
    """A corrected cell and a row taken out by a correction are in order; another value is not."""
    old = made("old")
    changes = (
        "update record.actors set name = 'The B', note = null where actor_id = 'act_b'",
        "delete from record.actors where actor_id = 'act_c'",
        "insert into record.corrections values ('cor_a', 'actors', 'act_b', 'name', 'The B'), "
        "('cor_b', 'actors', 'act_b', 'note', null), "
        "('cor_c', 'actors', 'act_c', 'actor_id', null)",
    )
    right = made("right", *changes)
    assert uncorrected(differences(old, right), right) == []
    wrong = made("wrong", *changes, "update record.actors set name = 'B!' where actor_id = 'act_b'")
    assert uncorrected(differences(old, wrong), wrong) == ["actors, act_b, name"]


def test_json_says_the_same(made: Make) -> None:
    """A program reads every value, NULL as null."""
    result = run("--json", made("old"), made("new", CHANGES["NULL to empty"][0]))
    assert result.exit_code == 1
    told = json.loads(result.output)
    assert told["version_step"] == "patch"
    (difference,) = told["differences"]
    assert difference["changed"] == [{"key": ["act_a"], "column": "note", "old": None, "new": ""}]


UNREADABLE = {
    "not there": (lambda path, make: None, "does not exist"),
    "a folder": (lambda path, make: path.mkdir(), "is a directory"),
    "no database": (lambda path, make: path.write_text("a,b\n" * 9), "not a valid DuckDB"),
    "cut short": (
        lambda path, make: path.write_bytes(make("whole").read_bytes()[:5000]),
        "cannot be read",
    ),
    "not of this project": (
        lambda path, make: make(path.stem, after="create table a (b integer)"),
        "has no schema record",
    ),
    "a broken view": (
        lambda path, make: make(path.stem, "drop table marts.figures"),
        "main.civilian_harm_by_strike",
    ),
    "a view of another file": (
        lambda path, make: make(
            path.stem,
            "create or replace view civilian_harm_by_strike as "
            f"select content as event_id, 1 as killed_best from read_text('{__file__}')",
        ),
        "disabled",
    ),
}


@pytest.mark.parametrize(("spoil", "why"), UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("first", [True, False])
def test_an_unreadable_file_is_named(
    first: bool, spoil: Callable, why: str, made: Make, tmp_path: Path
) -> None:
    """Neither 'nothing differs' nor a traceback: which of the two, and why, with status 2."""
    bad = tmp_path / "bad.duckdb"
    spoil(bad, made)
    good = made("good")
    result = run(*((bad, good) if first else (good, bad)))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "bad.duckdb" in result.stderr
    assert "good.duckdb" not in result.stderr
    assert why in result.stderr


def test_a_real_release_against_a_corrected_one(built: Copy, tmp_path: Path) -> None:
    """In a real build the views follow their own file's record, though both files have one name."""
    copies = [tmp_path / side / built.database.name for side in ("old", "new")]
    for copy in copies:
        copy.parent.mkdir()
        shutil.copy(built.database, copy)
    assert differences(*copies) == []
    with duckdb.connect(str(copies[1])) as connection:
        ((event_id, label),) = connection.execute(
            "select event_id, label from record.events where event_id = 'evt_iran_on_erbil'"
        ).fetchall()
        connection.execute("update record.events set label = 'X' where event_id = ?", [event_id])
        connection.execute(
            "update marts.fct_casualties set low = low + 1 where casualty_id = "
            "(select min(casualty_id) from marts.fct_casualties where low is not null)"
        )
    found = {(d.schema, d.name): d for d in differences(*copies)}
    events = found.pop(("record", "events"))
    assert events.changed == (Change((event_id,), "label", label, "X"),)
    hashed = found.pop(("main", "about"))
    assert [change.column for change in hashed.changed] == ["content_hash"]
    moved = found.pop(("main", "casualty_reports"))
    assert [change.column for change in moved.changed] == ["low"]
    assert found == {}


def test_opening_changes_nothing(made: Make) -> None:
    """A release that is compared stays byte for byte what it was."""
    paths = [made("old"), made("new", CHANGES["a cell changed"][0])]
    before = [path.read_bytes() for path in paths]
    assert run(*paths).exit_code == 1
    assert [path.read_bytes() for path in paths] == before
    assert [p.suffix for p in paths[0].parent.iterdir()] == [".duckdb"] * 2
