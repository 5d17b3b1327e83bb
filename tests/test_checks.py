"""Whether the checker finds each defect where it is, says what is right, and finds nothing else.

Defects are planted in copies of the real record. Their rows are searched for, and the lines on
which they must be told are worked out, so that the tests hold as the record grows.
"""

import csv
import re
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner
from conftest import Record, Row, Where

from strike_ledger.checks import MAX_LINE_CHARACTERS, Finding, check
from strike_ledger.cli import main
from strike_ledger.declarations import RECORD, Rule, loaded_tables

DECLARED = loaded_tables()
Edit = Callable[[Record], int | tuple]
CYRILLIC_I = "\N{CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I}"  # looks like i
LATE, EARLY = "2099-01-01", "1900-01-01"


class Place(NamedTuple):
    """Where a finding is told."""

    file: str
    line: int
    column: str


class Plant(NamedTuple):
    """A defect: how it is planted, and in which column and how it must be told.

    `edit` gives the line on which it must be told and, where one defect shows in several places,
    the other places after it.
    """

    kind: str
    table: str
    column: str
    edit: Edit
    problem: str
    remedy: str


def ids(plant: Plant) -> str:
    """Name a plant in the report of pytest."""
    return f"{plant.kind} {plant.table}.{plant.column} {(plant.remedy or plant.problem)[:24]}"


def places(record: Record) -> list[Place]:
    """Give the places of all findings."""
    return [Place(f.file, f.line, f.column) for f in record.check()]


def told(record: Record, plant: Plant) -> Finding:
    """Plant a defect: it must be told where it is, as it is, and nothing else may be."""
    line, *others = edited if isinstance(edited := plant.edit(record), tuple) else (edited,)
    place = Place(DECLARED[plant.table].file, line, plant.column)
    findings = {Place(f.file, f.line, f.column): f for f in record.check()}
    assert set(findings) == {place, *others}
    assert plant.problem in findings[place].problem
    assert plant.remedy in findings[place].remedy
    return findings[place]


# --- edits that plants share ----------------------------------------------------------------


def key_of(table: str) -> str:
    """Give the column that is the key of a table with a single one."""
    (key,) = DECLARED[table].primary_key
    return key


def add(table: str, like: Where = lambda row: True, **values: str) -> Edit:
    """Append a copy of a suitable row with some cells changed."""
    return lambda r: r.add(table, like, **values)


def change(table: str, where: Where = lambda row: True, **values: str) -> Edit:
    """Change some cells of a suitable row."""
    return lambda r: r.change(table, where, **values)


def has(column: str) -> Where:
    """Suit a row in which the column is filled."""
    return lambda row: row[column]


def orphan(table: str, child: str, where: Where = lambda row: True, **values: str) -> Edit:
    """Remove the rows of `child`, those with certain values, of a suitable row of `table`."""

    def edit(r: Record) -> int:
        line, row = r.find(table, where)
        key = "cited_id" if child == "citations" else key_of(table)
        wanted = values | {key: row[key_of(table)]}
        r.remove(child, lambda c: wanted.items() <= c.items())
        return line

    return edit


def statement(r: Record, **values: str) -> int:
    """Add a cited statement with neither day nor office."""
    blank = ("claimant_office_id", "on_behalf_of_id", "said_from_date", "said_to_date")
    blank += ("said_date_precision", "said_date_basis", "said_time")
    r.add("citations", cited_table="statements", cited_id="stm_planted")
    plain = dict.fromkeys(blank, "") | {"statement_id": "stm_planted"}
    return r.add("statements", **plain | values)


def proposition(r: Record, **values: str) -> int:
    """Add a proposition with a claim on it and without a value."""
    blank = [name for name in DECLARED["propositions"].column_names if name.startswith("value_")]
    plain = dict.fromkeys(blank, "") | {"topic": "motive", "proposition_id": "prp_planted"}
    r.add("claims", target_table="propositions", target_id="prp_planted")
    return r.add("propositions", **plain | values)


def struck_region(r: Record) -> int:
    """Leave a strike with a people struck and no state."""
    line, strike = r.find("events", lambda e: e["kind"] == "strike")
    r.remove("event_actors", lambda p: (p["event_id"], p["role"]) == (strike["event_id"], "struck"))
    _, people = r.find("actors", lambda a: a["kind"] == "population_group")
    r.add(
        "event_actors",
        event_id=strike["event_id"],
        actor_id=people["actor_id"],
        role="struck",
        statement_id="",
    )
    return line


def two_questions(r: Record) -> tuple[int, Place]:
    """Put propositions on two topics into one rival group; both are told."""
    first = proposition(r, rival_group="riv_planted")
    r.add("claims", target_table="propositions", target_id="prp_second")
    second = r.rows("propositions")[first] | {"proposition_id": "prp_second", "topic": "legality"}
    line = r.add("propositions", **second)
    return line, Place("seeds_csv/propositions.csv", first, "rival_group")


def of_another(r: Record, table: str, column: str, value: str) -> str:
    """Give the value of a column in the first row that has another than `value`."""
    return r.find(table, lambda row: row[column] != value)[1][column]


def whole(r: Record) -> tuple[int, Row]:
    """Find a figure of people killed that is bounded above and is not a part itself."""
    return r.find(
        "casualties",
        lambda row: (
            (row["qualifier"], row["outcome"], row["part_of_id"]) == ("exactly", "killed", "")
        ),
    )


def part(r: Record, **values: str) -> int:
    """Add a part of that whole, without a figure."""
    _, row = whole(r)
    plain = {"casualty_id": "cas_planted", "part_of_id": row["casualty_id"], "divided_by": "status"}
    return r.add("casualties", lambda c: c == row, **plain | NO_FIGURE | values)


NO_FIGURE = {"qualifier": "some", "figure_low": "", "figure_high": ""}


def figure_of_part(r: Record, more: int) -> dict[str, str]:
    """Give the figure of that whole, and some more, as the figure of a part."""
    figure = str(int(whole(r)[1]["figure_low"]) + more)
    return {"qualifier": "exactly", "figure_low": figure, "figure_high": figure}


def too_great_a_part(r: Record) -> tuple:
    """Add a part that exceeds its whole: so do the parts together."""
    line = part(r, **figure_of_part(r, 1))
    return line, Place("seeds_csv/casualties.csv", whole(r)[0], "figure_high")


def too_many_parts(r: Record) -> int:
    """Add two parts of one partition, each as great as the whole."""
    for key in ("cas_planted_a", "cas_planted_b"):
        part(r, casualty_id=key, **figure_of_part(r, 0))
    return whole(r)[0]


def part_elsewhere(column: str, table: str) -> Edit:
    """Add a part whose event, or statement, is another than that of its whole."""
    return lambda r: part(r, **{column: of_another(r, table, column, whole(r)[1][column])})


def ring(table: str, column: str, n: int, *, cited: bool = False, **values: str) -> Plant:
    """Add n rows, each pointing to the one before and the first to the last."""
    key, file = key_of(table), DECLARED[table].file
    ring_ids = [f"{DECLARED[table].column(key).pattern[1:5]}planted_{i}" for i in range(n)]

    def edit(r: Record) -> tuple:
        lines = []
        for i, own in enumerate(ring_ids):
            if cited:
                r.add("citations", cited_table=table, cited_id=own)
            cells = values | {key: own, column: ring_ids[i - 1]}
            lines.append(r.add(table, lambda row: values.items() <= row.items(), **cells))
        return lines[0], *(Place(file, line, column) for line in lines[1:])

    return Plant(
        "acyclic", table, column, edit, f"'{ring_ids[-1]}' leads back to {ring_ids[0]}", "Break the"
    )


def ring_of_actors(r: Record) -> tuple:
    """Make three actors part of one another."""
    members = ["act_iran", "act_iraq", "act_pakistan"]
    lines = [
        r.add(
            "actor_relations",
            lambda row: row["kind"] == "part_of" and not row["title"],
            relation_id=f"rel_planted_{n}",
            actor_id=member,
            other_actor_id=members[n - 2],
        )
        for n, member in enumerate(members)
    ]
    file = DECLARED["actor_relations"].file
    return lines[0], *(Place(file, line, "other_actor_id") for line in lines[1:])


def other_parent(r: Record) -> int:
    """Make an event part of another that is no series."""
    _, row = r.find("events", lambda e: e["kind"] != "series")
    return r.change(
        "events",
        lambda e: e["kind"] != "series" and not e["part_of_id"] and e != row,
        part_of_id=row["event_id"],
    )


def office_of_another(r: Record) -> int:
    """Add a statement made in the office of somebody else."""
    _, row = r.find("statements")
    _, office = r.find("actor_relations", lambda a: a["actor_id"] != row["claimant_id"])
    return statement(r, claimant_office_id=office["relation_id"])


def office_left(r: Record) -> int:
    """Add a statement made in an office that its claimant had left long before."""
    _, row = r.find("statements")
    r.add(
        "actor_relations",
        lambda a: a["kind"] == "holds_office",
        relation_id="rel_planted",
        actor_id=row["claimant_id"],
        from_date="",
        to_date=EARLY,
    )
    return statement(r, claimant_office_id="rel_planted", **SAID | {"said_from_date": "1950-01-01"})


def rival_superseded(r: Record) -> int:
    """Add a statement said to update that of an unconnected claimant."""
    _, row = r.find("statements")
    mine = row["claimant_id"]
    _, rival = r.find("statements", lambda s: mine not in (s["claimant_id"], s["on_behalf_of_id"]))
    return statement(r, supersedes_id=rival["statement_id"])


def told_before(table: str) -> Edit:
    """Let a statement of long ago tell of an event of which the record tells the day."""

    def edit(r: Record) -> int:
        dated = {p["event_id"] for p in r.rows("propositions").values() if p["topic"] == "date"}
        statement(r, **LONG_AGO)
        values = {key_of(table): f"{DECLARED[table].column(key_of(table)).pattern[1:5]}planted"}
        return r.add(
            table,
            lambda row: row["event_id"] in dated and not row.get("part_of_id"),
            **values | {"statement_id": "stm_planted", "passage_id": ""},
        )

    return edit


def missiles(r: Record, more: int, n_parts: int) -> tuple[int, int]:
    """Add a number of missiles and parts of it that are greater; give the lines of both."""
    plain = {"qualifier": "exactly", "part_of_id": "", "passage_id": ""}
    whole = plain | {"figure_low": "9", "figure_high": "9"}
    line = r.add("munitions", munition_id="mun_planted", **whole)
    figure = {"figure_low": str(9 + more), "figure_high": str(9 + more)}
    for n in range(n_parts):
        last = r.add(
            "munitions",
            lambda row: row["munition_id"] == "mun_planted",
            **whole | figure | {"munition_id": f"mun_part_{n}", "part_of_id": "mun_planted"},
        )
    return line, last


def too_great_a_part_of_missiles(r: Record) -> tuple:
    """Add a part of missiles that exceeds its whole: so do the parts together."""
    line, last = missiles(r, more=1, n_parts=1)
    return last, Place("seeds_csv/munitions.csv", line, "figure_high")


def undone_before(r: Record) -> int:
    """Let the act that was done first undo the one that was done last."""
    done = {
        s["response_id"]: s["from_date"]
        for s in r.rows("response_states").values()
        if s["state"] == "done" and s["date_precision"] == "day"
    }
    first, last = min(done, key=done.get), max(done, key=done.get)
    return r.change("responses", lambda row: row["response_id"] == first, reverses_id=last)


def answer_before_event(r: Record) -> int:
    """Date a response long before an event of which the record tells the day."""
    dated = {p["event_id"] for p in r.rows("propositions").values() if p["topic"] == "date"}
    answers = r.rows("response_events").values()
    suited = {a["response_id"] for a in answers if a["event_id"] in dated}
    return r.change(
        "response_states",
        lambda s: s["date_precision"] == "day" and s["response_id"] in suited,
        from_date=EARLY,
        to_date=EARLY,
    )


def actor(r: Record) -> Row:
    """Give the actor of whom the planted corrections tell."""
    return r.find("actors", lambda row: row["name"] and not row["note"])[1]


def correction(r: Record, n: int = 1, **values: str) -> Row:
    """Give the n-th correction of that actor's name, true unless values say otherwise."""
    plain = {
        "correction_id": f"cor_planted_{n}",
        "corrected_table": "actors",
        "corrected_id": actor(r)["actor_id"],
        "column_name": "name",
        "old_value": "Iram",
        "new_value": actor(r)["name"],
        "reason": "Misread.",
        "corrected_date": f"2026-12-{n:02}",
    }
    return plain | values


def removal(n: int = 1, row_id: str = "act_gone") -> Row:
    """Give a correction that takes an actor out."""
    values = {"corrected_id": row_id, "column_name": "actor_id", "old_value": row_id}
    values |= {"new_value": "", "corrected_table": "actors", "reason": "Never was."}
    return values | {"correction_id": f"cor_planted_{n}", "corrected_date": f"2026-12-{n:02}"}


def correct(r: Record, *rows: Row) -> int:
    """Append corrections, and give the line of the last; the table may be empty before."""
    with r.path("corrections").open("a", encoding="utf-8", newline="") as file:
        columns = DECLARED["corrections"].column_names
        csv.DictWriter(file, columns, lineterminator="\n").writerows(rows)
    return len(r.rows("corrections")) + 1


# --- row rules ------------------------------------------------------------------------------

# The four cells of a day and its precision, the four of a number, the four of a point.
SAID = {"said_from_date": EARLY, "said_to_date": LATE}
SAID |= {"said_date_precision": "bounded", "said_date_basis": "printed"}
LONG_AGO = SAID | {"said_to_date": "1900-01-02"}
VALUED = {"value_from_date": EARLY, "value_to_date": LATE}
VALUED |= {"value_date_precision": "bounded", "value_date_basis": "printed"}
NUMBER = {"value_low": "2", "value_high": "2.5", "value_unit": "days"}
NUMBER |= {"value_qualifier": "between"}
POINT = {"latitude": "36.19", "longitude": "44.01", "coordinate_precision": "exact"}
POINT |= {"coordinate_passage_id": "psg_mei_01"}


def relation(**values: str) -> Edit:
    """Add a tie between two actors."""
    return add("actor_relations", relation_id="rel_planted", **values)


def location(**values: str) -> Edit:
    """Add a place."""
    return add("locations", location_id="loc_planted", **values)


def figure(table: str, key: str, low: str, high: str, qualifier: str, **values: str) -> Edit:
    """Add a row with a figure that is no part of another."""
    values |= {key_of(table): key, "figure_low": low, "figure_high": high, "qualifier": qualifier}
    return add(table, lambda row: not row.get("part_of_id"), **values)


# Table, column and problem of each declared rule (in words that no other rule of the column has),
# with the ways in which it is broken here.
BROKEN: dict[tuple[str, str, str], list[Edit]] = (
    {
        ("action_crosswalk", "mapping_note", "is empty, and mapping_status is"): [
            change("action_crosswalk", lambda row: row["mapping_status"] == "gap", mapping_note="")
        ],
        ("actor_relations", "from_date", "is later than to_date"): [
            relation(from_date=LATE, to_date=EARLY)
        ],
        ("actor_relations", "other_actor_id", "is the actor of this row itself"): [
            relation(actor_id="act_iran", other_actor_id="act_iran")
        ],
        ("actor_relations", "title", "is empty, and the row is about an office"): [
            relation(kind="holds_office", title="")
        ],
        **{
            (table, column, remedy): [figure(table, key, *cells) for cells in broken]
            for table, key in (
                ("casualties", "cas_planted"),
                ("damage", "dmg_planted"),
                ("munitions", "mun_planted"),
            )
            for column, remedy, broken in (
                ("figure_low", "is more than figure_high", [("5", "4", "between")]),
                ("figure_low", "and figure_high is", [("5", "", "at_least")]),
                ("qualifier", "does not go with the figures", [("", "", "exactly")]),
            )
        },
        ("casualties", "figure_best", "is not between figure_low"): [
            figure("casualties", "cas_planted", "5", "9", "between", figure_best=best)
            for best in ("4", "10")
        ],
        ("casualties", "figure_best", "does not go with the qualifier"): [
            figure("casualties", "cas_planted", "5", "5", "at_least", figure_best="5")
        ],
        ("casualties", "divided_by", "and part_of_id is"): [
            lambda r: part(r, divided_by=""),
            lambda r: part(r, part_of_id=""),
        ],
        ("casualties", "part_of_id", "has another event or another statement than this row"): [
            part_elsewhere("event_id", "events"),
            part_elsewhere("statement_id", "statements"),
        ],
        ("casualties", "part_of_id", "has another outcome than"): [
            lambda r: part(r, outcome="injured")
        ],
        ("casualties", "figure_high", "is more than its whole"): [
            too_great_a_part,
            lambda r: part(r, **figure_of_part(r, 0) | {"qualifier": "more_than"}),
            lambda r: part(r, qualifier="dozens"),
        ],
        ("casualties", "figure_high", "is less than its parts together"): [too_many_parts],
        ("casualties", "is_nationality_negated", "is true, and nationality is empty"): [
            lambda r: part(r, is_nationality_negated="true", nationality="")
        ],
        ("casualties", "status_basis", "does not go with the status"): [
            lambda r: part(r, status="civilian", status_basis="not_stated"),
            lambda r: part(r, status="not_stated", status_basis="stated"),
        ],
        ("corrections", "new_value", "old_value and new_value are both"): [
            lambda r: correct(r, correction(r, old_value=actor(r)["name"])),
            lambda r: correct(r, correction(r, column_name="note", old_value="", new_value="")),
        ],
        ("corrections", "old_value", "is not what the correction before left there"): [
            lambda r: correct(r, correction(r, n=1, new_value="Persia"), correction(r, n=2)),
            lambda r: correct(r, correction(r, n=1, new_value=""), correction(r, n=2)),
        ],
        ("corrections", "corrected_date", "is after the day on which"): [
            lambda r: correct(r, removal(n=1), correction(r, n=2, corrected_id="act_gone"))
        ],
        ("claims", "target_id", "is the statement itself"): [
            lambda r: r.add(
                "claims",
                target_table="statements",
                target_id=r.find("claims")[1]["statement_id"],
            )
        ],
        ("countries", "south", "only some of"): [change("countries", east="")],
        ("countries", "south", "is not less than north"): [change("countries", south="89")],
        ("pcodes", "parent_pcode", "is not the area above"): [change("pcodes", parent_pcode="SYR")],
        ("episodes", "from_date", "is later than to_date"): [change("episodes", from_date=LATE)],
        ("event_links", "linked_event_id", "is the event of this row itself"): [
            lambda r: r.add("event_links", linked_event_id=r.find("event_links")[1]["event_id"])
        ],
        ("events", "part_of_id", "is no umbrella event"): [other_parent],
        ("events", "event_id", "is cited from no passage"): [orphan("events", "citations")],
        ("events", "kind", "has no attacker or no struck state"): [
            *(
                orphan("events", "event_actors", lambda row: row["kind"] == "strike", role=role)
                for role in ("attacker", "struck")
            ),
            struck_region,
        ],
        ("casualties", "figure_high", "is nobody"): [
            change(
                "casualties",
                lambda row: row["age_group"] == "child" and not row["part_of_id"],
                figure_low="0",
                figure_high="0",
                qualifier="less_than",
            ),
        ],
        ("locations", "latitude", "only some of"): [
            location(**POINT | {missing: ""}) for missing in ("latitude", "coordinate_passage_id")
        ],
        ("locations", "admin1_pcode", "is no first-level p-code of"): [
            location(country="SYR", admin1_pcode="IQG01", admin2_pcode=""),
            location(country="IRQ", admin1_pcode="IQG01Q01", admin2_pcode=""),
        ],
        ("locations", "admin2_pcode", "does not lie in"): [
            location(country="IRQ", admin1_pcode="IQG02", admin2_pcode="IQG01Q01"),
        ],
        ("locations", "country", "is not the country of"): [
            lambda r: r.add(
                "locations",
                location_id="loc_planted",
                country="SYR",
                admin1_pcode="",
                admin2_pcode="",
                part_of_id=r.find("locations", lambda row: row["country"] == "IRQ")[1][
                    "location_id"
                ],
            )
        ],
        ("locations", "latitude", "lies outside"): [
            location(country="IRQ", **POINT | {"latitude": "44.01"})
        ],
        ("locations", "longitude", "lies outside"): [
            location(country="IRQ", **POINT | {"longitude": "36.19"}),
            location(country="USA", **POINT | {"longitude": "100"}),
        ],
        ("munitions", "figure_high", "is more than its whole"): [too_great_a_part_of_missiles],
        ("munitions", "figure_high", "is less than its parts together"): [
            lambda r: missiles(r, more=0, n_parts=2)[0]
        ],
        ("munitions", "part_of_id", "is of another statement"): [
            lambda r: r.add(
                "munitions",
                munition_id="mun_planted",
                part_of_id=(first := r.find("munitions")[1])["munition_id"],
                statement_id=of_another(r, "statements", "statement_id", first["statement_id"]),
            )
        ],
        ("passages", "locator", "does not go with"): [
            add("passages", passage_id="psg_planted", locator_kind="whole", locator="3")
        ],
        ("passages", "sha256", "n_characters is"): [
            change("passages", has("sha256"), sha256=""),
            change("passages", has("sha256"), n_characters=""),
        ],
        ("propositions", "value_from_date", "is later than value_to_date"): [
            lambda r: proposition(r, **VALUED | {"value_from_date": LATE, "value_to_date": EARLY})
        ],
        ("propositions", "value_date_precision", "only some of"): [
            lambda r: proposition(r, **VALUED | {"value_date_basis": ""})
        ],
        ("propositions", "value_date_precision", "does not go with"): [
            lambda r, precision=precision: proposition(
                r, **VALUED | {"value_date_precision": precision}
            )
            for precision in ("day", "month", "year")
        ],
        ("propositions", "value_from_time", "is later than value_to_time"): [
            lambda r: proposition(
                r,
                **VALUED | {"value_to_date": EARLY, "value_date_precision": "day"},
                value_from_time="10:00",
                value_to_time="09:59",
            )
        ],
        ("propositions", "value_low", "is more than value_high"): [
            lambda r: proposition(r, **NUMBER | {"value_low": "3"})
        ],
        (
            "propositions",
            "value_unit",
            "the number, its unit and its qualifier are not all given",
        ): [
            lambda r: proposition(r, **NUMBER | {"value_unit": ""}),
            lambda r: proposition(r, **NUMBER | {"value_qualifier": ""}),
        ],
        ("propositions", "rival_group", "holds propositions on another event or topic"): [
            two_questions
        ],
        ("propositions", "topic", "and value_from_date is empty"): [
            lambda r: proposition(r, topic="date")
        ],
        ("propositions", "topic", "and value_location_id is empty"): [
            lambda r: proposition(r, topic="launch_site"),
        ],
        ("propositions", "proposition_id", "no claim names"): [
            add("propositions", proposition_id="prp_planted")
        ],
        ("response_actors", "on_behalf_of_id", "is empty"): [
            change("response_actors", lambda row: row["role"] == "actor", on_behalf_of_id="")
        ],
        ("response_states", "from_date", "is later than to_date"): [
            change("response_states", has("from_date"), from_date=LATE)
        ],
        ("response_states", "date_precision", "only some of"): [
            change("response_states", has("from_date"), date_precision="")
        ],
        ("response_states", "date_precision", "does not go with"): [
            change(
                "response_states", lambda row: row["date_precision"] == "day", date_precision="days"
            )
        ],
        ("response_states", "from_date", "tells it as done"): [
            change(
                "response_states",
                lambda row: (row["state"], row["date_precision"]) == ("done", "day"),
                from_date=LATE,
                to_date=LATE,
            )
        ],
        ("response_states", "to_date", "is before the event that"): [answer_before_event],
        ("responses", "kind", "is no diplomatic act"): [
            change("responses", kind="military_strike")
        ],
        ("responses", "reverses_id", "was done later than this"): [undone_before],
        ("responses", "response_id", "is cited from no passage"): [
            orphan("responses", "citations")
        ],
        ("responses", "response_id", "no actor is given for"): [
            orphan("responses", "response_actors", role="actor")
        ],
        ("responses", "response_id", "no event is given for"): [
            orphan("responses", "response_events")
        ],
        ("responses", "response_id", "no state is given for"): [
            orphan("responses", "response_states")
        ],
        ("sources", "published_from_date", "is later than published_to_date"): [
            change("sources", has("published_from_date"), published_from_date=LATE)
        ],
        ("sources", "published_date_precision", "only some of"): [
            change("sources", has("published_from_date"), published_to_date="")
        ],
        ("sources", "published_date_precision", "does not go with"): [
            change(
                "sources",
                lambda row: row["published_date_precision"] == "day",
                published_date_precision="month",
            )
        ],
        ("sources", "accessed_date", "is before the document was published"): [
            change("sources", has("published_from_date"), accessed_date=EARLY)
        ],
        ("sources", "source_id", "no passage of"): [
            add("sources", source_id="src_planted", url="https://example.org/planted")
        ],
        ("statements", "said_from_date", "is after a document that tells of it"): [
            lambda r: statement(r, **SAID | {"said_from_date": "2098-01-01"})
        ],
        ("statements", "said_date_precision", "does not go with"): [
            lambda r: statement(r, **SAID | {"said_date_precision": "day"})
        ],
        ("statements", "withdrawn_date", "is before it was said"): [
            lambda r: statement(
                r, **SAID | {"said_from_date": "1950-01-01"}, withdrawn_date="1949-12-31"
            )
        ],
        ("statements", "supersedes_id", "was said later than this"): [
            lambda r: statement(
                r, **LONG_AGO, supersedes_id=r.find("statements")[1]["statement_id"]
            )
        ],
        ("statements", "said_from_date", "is later than said_to_date"): [
            lambda r: statement(r, **SAID | {"said_from_date": LATE, "said_to_date": EARLY})
        ],
        ("statements", "said_date_precision", "only some of"): [
            lambda r: statement(r, **SAID | {"said_to_date": ""})
        ],
        ("statements", "said_time", "stands without a day"): [
            lambda r: statement(r, said_time="10:00")
        ],
        ("statements", "claimant_office_id", "is not an office of"): [office_of_another],
        ("statements", "claimant_office_id", "was not held between"): [office_left],
        ("statements", "supersedes_id", "is of another claimant"): [rival_superseded],
        ("statements", "withdrawn_by_id", "withdrew it on no day"): [
            lambda r: statement(r, withdrawn_by_id="act_iran", withdrawn_date="")
        ],
        ("statements", "statement_id", "is cited from no passage"): [
            orphan("statements", "citations")
        ],
    }
    | {
        (table, "passage_id", "is no passage of"): [
            lambda r, table=table: r.change(table, passage_id="psg_ucdp_ged")
        ]
        for table in ("casualties", "claims", "damage", "munitions", "response_states")
    }
    | {
        (table, "statement_id", "was said before"): [told_before(table)]
        for table in ("casualties", "damage", "munitions")
    }
)
RULES = [
    Plant("rule", table, column, edit, problem, "")
    for (table, column, problem), edits in BROKEN.items()
    for edit in edits
]


def rule_of(table: str, column: str, words: str) -> Rule:
    """Give the one rule of the column that says so."""
    (rule,) = [
        rule for rule in DECLARED[table].rules if rule.column == column and words in rule.problem
    ]
    return rule


@pytest.mark.parametrize("plant", RULES, ids=ids)
def test_a_broken_rule_is_told(record: Record, plant: Plant):
    """Each rule on a row guards something that SQL further on relies on."""
    finding = told(record, plant)
    rule = rule_of(plant.table, plant.column, plant.problem)
    row = record.rows(plant.table)[finding.line]
    filled = re.sub(
        r"{(\w+)}", lambda name: f"'{row[name[1]]}'" if row[name[1]] else "empty", rule.problem
    )
    assert (finding.problem, finding.remedy) == (filled, rule.remedy)


def test_every_declared_rule_is_broken_by_a_plant():
    """A rule that nobody has seen fail may be one that cannot."""
    declared = [rule for table in DECLARED.values() for rule in table.rules]
    assert len({id(rule_of(*key)) for key in BROKEN}) == len(BROKEN) == len(declared)


# --- types, limits, codes, references, keys -------------------------------------------------


def dangling(table: str, column: str, right: str, to: str, **values: str) -> Plant:
    """Add a row that refers to an id with a letter too many."""
    fixed = DECLARED[table].column(column).references
    values |= {column: f"{right}q"}
    return Plant(
        "references" if fixed else "references_table_in",
        table,
        column,
        add(table, **values),
        f"'{right}q' is not in {to}.csv",
        f"Did you mean '{right}'?",
    )


def twice(table: str, kind: str, column: str, **values: str) -> Plant:
    """Add a row whose key the first row has already."""
    return Plant(kind, table, column, add(table, **values), "stands already in line 2", "used once")


def same_address(r: Record) -> int:
    """Enter a document a second time."""
    r.add("passages", passage_id="psg_planted", source_id="src_planted")
    return r.add("sources", source_id="src_planted")


NAMED = {"name_id": "nam_planted", "named_table": "locations"}

CELLS = [
    *(
        Plant(
            "integer",
            "casualties",
            "figure_low",
            change("casualties", has("figure_low"), figure_low=figure_low),
            f"'{figure_low}' is not a whole number",
            "the source's word in `wording`",
        )
        for figure_low in ("many", "7.5", "1,000")
    ),
    *(
        Plant("date", "episodes", "from_date", change("episodes", from_date=day), day, "YYYY-MM-DD")
        for day in ("15/01/2024", "2024-02-30", "0024-01-15")
    ),
    Plant(
        "date",
        "statements",
        "said_from_date",
        change("statements", has("said_from_date"), said_from_date="January"),
        "'January' is not a date",
        "YYYY-MM-DD",
    ),
    *(
        Plant("numeric", "locations", "latitude", location(**POINT | {"latitude": n}), n, "36.19")
        for n in ("36.19N", "1e1")
    ),
    Plant(
        "boolean",
        "casualties",
        "is_nationality_negated",
        change("casualties", is_nationality_negated="True"),
        "'True' is neither true nor false",
        "Write true or false",
    ),
    Plant(
        "minimum",
        "casualties",
        "figure_low",
        change("casualties", has("figure_low"), figure_low="-1"),
        "-1 is less than 0",
        "Correct the number",
    ),
    Plant(
        "maximum",
        "casualties",
        "figure_high",
        change("casualties", has("figure_high"), figure_high="100001"),
        "100001 is more than 100000",
        "Correct the number",
    ),
    Plant(
        "minimum",
        "locations",
        "longitude",
        location(**POINT | {"longitude": "-180.5"}),
        "-180.5 is less than -180",
        "Correct the number",
    ),
    Plant(
        "code_list",
        "casualties",
        "sex",
        change("casualties", sex="femal"),
        "'femal' is not in the list sexes (",
        "Did you mean 'female'?",
    ),
    Plant(
        "code_list",
        "casualties",
        "sex",
        change("casualties", sex="zzz"),
        "'zzz' is not in the list sexes (",
        "Use one of these codes",
    ),
    Plant("required", "names", "name", change("names", name=""), "is empty", "Every row needs it"),
    Plant(
        "required",
        "casualties",
        "sex",
        change("casualties", sex=""),
        "is empty",
        "Write not_stated where the passage does not tell",
    ),
    Plant(
        "pattern",
        "names",
        "name_id",
        add("names", name_id="nam_Planted"),
        "'nam_Planted' has another form than its column",
        "Write nam_ and then lower-case letters, digits and underscores",
    ),
    Plant(
        "pattern",
        "passages",
        "sha256",
        change("passages", has("sha256"), sha256="AB" * 32),
        "has another form than its column",
        "[0-9a-f]{64}",
    ),
    Plant(
        "pattern",
        "statements",
        "said_time",
        lambda r: statement(r, **SAID | {"said_time": "24:00"}),
        "'24:00' has another form than its column",
        "It has the form",
    ),
    dangling("statement_addressees", "addressee_id", "act_pakistan", "actors"),
    dangling("claims", "target_id", "prp_date_iran_strike_series", "propositions"),
    dangling("citations", "cited_id", "evt_iran_on_erbil", "events", cited_table="events"),
    dangling("names", "named_id", "loc_erbil", "locations", **NAMED),
    Plant(
        "references_table_in",
        "names",
        "named_id",
        add("names", **NAMED, named_id="act_iran"),
        "'act_iran' is not in locations.csv",
        "",
    ),
    twice("names", "primary_key", "name_id"),
    twice("statement_addressees", "primary_key", "(statement_id, addressee_id)"),
    Plant(
        "unique_together",
        "sources",
        "url",
        same_address,
        "stands already in line 2",
        "A key is used once",
    ),
    twice("passages", "unique_together", "(source_id, locator_kind, locator)", passage_id="psg_x"),
    ring("locations", "part_of_id", 3),
    Plant(
        "acyclic",
        "actor_relations",
        "other_actor_id",
        ring_of_actors,
        "'act_iraq' leads back to act_iran",
        "Break the circle",
    ),
    ring("events", "part_of_id", 1, cited=True, kind="series"),
    ring("statements", "supersedes_id", 2, cited=True),
]


@pytest.mark.parametrize("plant", CELLS, ids=ids)
def test_a_wrong_cell_is_told(record: Record, plant: Plant):
    """Each kind of limit that the YAML can set, once or more, with what the curator reads."""
    told(record, plant)


def kinds_of(table: str, column: str) -> set[str]:
    """Give the kinds of meta declared of a column, and its type."""
    declared = next((c for c in DECLARED[table].columns if c.name == column), None)
    if declared is None:
        return {kind for kind in KEYS if f"({', '.join(getattr(DECLARED[table], kind))})" == column}
    kinds = {f.name for f in fields(declared)[3:] if getattr(declared, f.name) is not f.default}
    keys = {kind for kind in KEYS if getattr(DECLARED[table], kind) == (column,)}
    return kinds | keys | {declared.base_type} - {"string"}


KEYS = ("primary_key", "unique_together")


def test_every_kind_of_declaration_is_broken_by_a_plant():
    """A new kind of meta, or a new type, asks for a plant of its own here."""
    columns = {(t.name, c.name) for t in DECLARED.values() for c in t.columns}
    keyed = {(t.name, f"({', '.join(getattr(t, k))})") for t in DECLARED.values() for k in KEYS}
    declared = set().union(*(kinds_of(*column) for column in columns | keyed))
    assert all(plant.kind in kinds_of(plant.table, plant.column) for plant in CELLS)
    assert {plant.kind for plant in CELLS} == declared


# --- text -----------------------------------------------------------------------------------


TEXTS = {
    " Iran": ("' Iran' begins or ends with a blank", "Remove the blank"),
    "Iran\u00a0": ("begins or ends with a blank", "Remove the blank"),
    "null": ("'null' stands for nothing", "Leave the cell empty"),
    "N/A": ("'N/A' stands for nothing", "Leave the cell empty"),
    "=HYPERLINK(A1)": ("begins with '=', which a spreadsheet runs", "Begin with a letter"),
    "@Iran": ("begins with '@', which a spreadsheet runs", "Begin with a letter"),
    "Ir\u200ban": ("(ZERO WIDTH SPACE, U+200B)", "Remove it"),
    "Ir\u202ean": ("(RIGHT-TO-LEFT OVERRIDE, U+202E)", "Remove it"),
    "Ir\tan": ("(a control character, U+0009)", "Remove it"),
    f"{CYRILLIC_I}ran": (
        f"'{CYRILLIC_I}ran' mixes Cyrillic and Latin letters",
        "Type the word anew",
    ),
    "\N{FULLWIDTH EQUALS SIGN}1+1": ("which a spreadsheet runs", "Begin with a letter"),
    "<b>Iran</b>": ("holds '<b', which a page takes for markup", "Write it in plain words"),
    "Iran&#39;s": ("holds '&#', which a page takes for markup", "Write it in plain words"),
    "Ira\u0301n": ("is not in Unicode NFC", "Type its accented letters anew"),
}


def test_text_that_is_not_what_it_looks_like_is_told(record: Record):
    """What an eye does not see would break a join or a search, or run in a spreadsheet."""
    lines = [record.add("names", name_id=f"nam_{n}", name=cell) for n, cell in enumerate(TEXTS)]
    findings = record.check()
    assert [(f.line, f.column) for f in findings] == [(line, "name") for line in lines]
    for finding, (problem, remedy) in zip(findings, TEXTS.values(), strict=True):
        assert problem in finding.problem
        assert remedy in finding.remedy


# --- lines and files ------------------------------------------------------------------------


def first_row(spoil: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """Spoil the first row of a file."""

    def edit(content: bytes) -> bytes:
        header, row, rest = content.split(b"\n", 2)
        return b"\n".join((header, spoil(row), rest))

    return edit


def header(*columns: str) -> Callable[[bytes], bytes]:
    """Give a file these columns."""
    return lambda content: ",".join(columns).encode() + b"\n" + content.split(b"\n", 1)[1]


ACTOR = DECLARED["actors"].column_names
FILES = {
    "empty": (lambda b: b"", 1, "(file)", "the file is empty", "still has its header"),
    "byte order mark": (lambda b: b"\xef\xbb\xbf" + b, 1, "(file)", "order mark", "without BOM"),
    "Latin-1": (first_row(lambda b: b + b"\xe9"), 2, "note", "byte 0xE9 is not", "as UTF-8"),
    "CRLF": (lambda b: b.replace(b"\n", b"\r\n"), 1, "(file)", "end with LF alone", "LF line ends"),
    "CR": (lambda b: b.replace(b"\n", b"\r"), 1, "(file)", "end with LF alone", "LF line ends"),
    "a CR in a cell": (first_row(lambda b: b + b"\rx"), 2, "note", "U+000D", "Remove it"),
    "NUL": (first_row(lambda b: b + b"\0"), 2, "note", "U+0000", "Remove it"),
    "cut": (lambda b: b[:-9], 0, "(file)", "the last line has no line end", "Was the file cut?"),
    "blank line": (first_row(lambda b: b + b"\n"), 3, "(line)", "the line is empty", "one line"),
    "open quote": (first_row(lambda b: b'"' + b), 2, "actor_id", "out of place", "is quoted"),
    "few cells": (first_row(lambda b: b[:-1]), 2, "(line)", "has 6 cells where", "commas"),
    "many cells": (first_row(lambda b: b + b",x"), 2, "(line)", "has 8 cells where", "commas"),
    "long line": (
        first_row(lambda b: b + b"x" * MAX_LINE_CHARACTERS),
        2,
        "(line)",
        f"characters, more than {MAX_LINE_CHARACTERS}",
        "A row is one line",
    ),
    "column missing": (header(*ACTOR[:-1]), 1, ACTOR[-1], "is missing", ", ".join(ACTOR)),
    "column added": (header(*ACTOR, "colour"), 1, "colour", "is not declared", "Remove it"),
    "column renamed": (
        header(*(name.replace("descr", "desr") for name in ACTOR)),
        1,
        "desription",
        "is not declared",
        "Did you mean 'description'?",
    ),
    "column twice": (header(*ACTOR, ACTOR[1]), 1, ACTOR[1], "stands twice", ", ".join(ACTOR)),
    "columns reordered": (header(*ACTOR[::-1]), 1, ACTOR[-1], "out of its place", ", ".join(ACTOR)),
}


@pytest.mark.parametrize("spoiled", FILES.values(), ids=FILES)
def test_an_unreadable_file_or_line_is_told_alone(record: Record, spoiled: tuple):
    """Actors are referred to from everywhere: no flood of dangling references may follow."""
    spoil, line, column, problem, remedy = spoiled

    def edit(r: Record) -> int:
        path = r.path("actors")
        content = spoil(path.read_bytes())
        path.write_bytes(content)
        return line or content.count(b"\n") + 1

    told(record, Plant("file", "actors", column, edit, problem, remedy))


def test_a_missing_file_is_told_alone(record: Record):
    """A table without rows still has its file, so a missing one was lost."""

    def edit(r: Record) -> int:
        r.path("actors").unlink()
        return 0

    told(record, Plant("file", "actors", "(file)", edit, "the file is missing", "its header"))


def test_an_unreadable_line_does_not_silence_the_rules(record: Record):
    """All problems come at once: only rules that need the torn table wait."""
    last = len(record.rows("names")) + 1
    line = record.change("episodes", from_date="2024-03-01")
    with record.path("names").open("a", encoding="utf-8") as file:
        file.write('nam_torn,"actors\n')
    assert [(f.file, f.line, f.column) for f in record.check()] == [
        ("seeds_csv/episodes.csv", line, "from_date"),
        ("seeds_csv/names.csv", last + 1, "named_table"),
    ]


def test_a_file_that_no_yaml_declares_is_told(record: Record):
    """It would be loaded unchecked by dbt."""
    (record.folder / RECORD / "stray.csv").write_text("a,b\n", encoding="utf-8")
    (finding,) = record.check()
    assert (finding.file, finding.line) == ("seeds_csv/stray.csv", 0)
    assert "no YAML declares" in finding.problem


# --- the whole ------------------------------------------------------------------------------


def test_the_record_holds():
    """What is committed must be loadable; and all tests here start from it."""
    assert [str(finding) for finding in check()] == []


def test_a_table_may_have_no_rows(record: Record):
    """A header alone is a table in which nothing has been recorded yet."""
    for table in ("damage", "names", "statement_addressees", "corrections"):
        record.remove(table, lambda row: True)
    record.remove("claims", lambda row: row["target_table"] == "damage")
    assert record.check() == []


def test_two_documents_without_an_address_are_two(record: Record):
    """A key that is not known is no key twice."""
    for number in "ab":
        source_id = f"src_planted_{number}"
        record.add("passages", passage_id=f"psg_planted_{number}", source_id=source_id)
        record.add("sources", source_id=source_id, url="")
    assert record.check() == []


def test_all_findings_of_all_files_come_together_in_order(record: Record):
    """A curator corrects everything in one go, from the top of each file downwards."""
    lines = [record.add("names", name_id=f"nam_planted_{n}", name="", kind="x") for n in "ab"]
    day = record.change("episodes", from_date="January")
    record.path("damage").unlink()
    assert places(record) == [
        ("seeds_csv/damage.csv", 0, "(file)"),
        ("seeds_csv/episodes.csv", day, "from_date"),
        *[("seeds_csv/names.csv", line, column) for line in lines for column in ("kind", "name")],
    ]


def run_check(folder: Path) -> tuple[int, list[str]]:
    """Run `strike-ledger check` on a record: exit status and lines printed."""
    result = CliRunner().invoke(main, ["check", "--record", str(folder)])
    return result.exit_code, result.output.splitlines()


def test_the_command_prints_the_place_the_problem_and_the_remedy(record: Record):
    """It is what a curator and a script have: a line a problem, and the exit status."""
    assert run_check(record.folder / RECORD) == (0, ["The record holds: no problem found."])
    line = record.change("names", name="")
    status, (told_line, count) = run_check(record.folder / RECORD)
    assert status == 1
    assert told_line.split("  ")[0] == f"seeds_csv/names.csv:{line}"
    assert told_line.endswith("  name: is empty. Every row needs it.")
    assert count == "1 problem in the record; nothing was loaded."


def test_the_command_cuts_a_long_list_and_counts_it_whole(record: Record):
    """A column pasted wrongly gives thousands of findings; the screen shows one thousand."""
    path = record.path("statement_addressees")
    path.write_bytes(path.read_bytes() + b"\n" * 1003)
    status, lines = run_check(record.folder / RECORD)
    assert status == 1
    assert len(lines) == 1002
    assert all("the line is empty" in line for line in lines[:1000])
    assert lines[1000:] == ["... and 3 more", "1003 problems in the record; nothing was loaded."]
