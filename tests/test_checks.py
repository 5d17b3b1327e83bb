"""Whether the checker finds each defect where it is, says what is right, and finds nothing else.

Defects are planted in copies of the real record. Their rows are searched for, and the lines on
which they must be told are worked out, so that the tests hold as the record grows.
"""

import csv
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner
from conftest import Record, Row, Where

from strike_ledger.checks import MAX_LINE_CHARACTERS, Finding, check
from strike_ledger.cli import main
from strike_ledger.declarations import RECORD, loaded_tables

DECLARED = loaded_tables()
Edit = Callable[[Record], int | tuple]
CYRILLIC_I = "\N{CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I}"  # looks like i
LATE, EARLY = "2999-01-01", "1900-01-01"


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
    return f"{plant.kind} {plant.table}.{plant.column} {plant.remedy[:24]}"


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
        "acyclic", table, column, edit, f"'{ring_ids[-1]}' leads back to this row", "Break the"
    )


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
    said = {"said_from_date": LATE, "said_to_date": LATE}
    said |= {"said_date_precision": "day", "said_date_basis": "printed"}
    return statement(r, claimant_office_id="rel_planted", **said)


def rival_superseded(r: Record) -> int:
    """Add a statement said to update that of an unconnected claimant."""
    _, row = r.find("statements")
    mine = row["claimant_id"]
    _, rival = r.find("statements", lambda s: mine not in (s["claimant_id"], s["on_behalf_of_id"]))
    return statement(r, supersedes_id=rival["statement_id"])


def answer_before_event(r: Record) -> int:
    """Date a response long before an event of which the record tells the day."""
    dated = {p["event_id"] for p in r.rows("propositions").values() if p["topic"] == "date"}
    answers = r.rows("response_events").values()
    suited = {a["response_id"] for a in answers if a["event_id"] in dated}
    return r.change(
        "response_states",
        lambda s: s["from_date"] and s["response_id"] in suited,
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


def figure(table: str, key: str, low: str, high: str, qualifier: str) -> Edit:
    """Add a row with a figure that is no part of another."""
    values = {key_of(table): key, "figure_low": low, "figure_high": high, "qualifier": qualifier}
    return add(table, lambda row: not row.get("part_of_id"), **values)


# Table, column and remedy of each declared rule (in words that no other rule of the column has),
# with the ways in which it is broken here.
BROKEN: dict[tuple[str, str, str], list[Edit]] = {
    ("action_crosswalk", "mapping_note", "the conflict or the gap"): [
        change("action_crosswalk", lambda row: row["mapping_status"] == "gap", mapping_note="")
    ],
    ("actor_relations", "from_date", "earlier day"): [relation(from_date=LATE, to_date=EARLY)],
    ("actor_relations", "other_actor_id", "not tied to itself"): [
        relation(actor_id="act_iran", other_actor_id="act_iran")
    ],
    ("actor_relations", "title", "its title"): [relation(kind="holds_office", title="")],
    **{
        (table, column, remedy): [figure(table, key, *cells) for cells in broken]
        for table, key in (
            ("casualties", "cas_planted"),
            ("damage", "dmg_planted"),
            ("munitions", "mun_planted"),
        )
        for column, remedy, broken in (
            ("figure_low", "lower figure", [("5", "4", "between")]),
            ("figure_low", "both figures", [("5", "", "at_least")]),
            ("qualifier", "without a figure", [("", "", "exactly")]),
        )
    },
    ("casualties", "divided_by", "only a part"): [
        lambda r: part(r, divided_by=""),
        lambda r: part(r, part_of_id=""),
    ],
    ("casualties", "part_of_id", "the event and the statement"): [
        part_elsewhere("event_id", "events"),
        part_elsewhere("statement_id", "statements"),
    ],
    ("casualties", "part_of_id", "the outcome"): [lambda r: part(r, outcome="injured")],
    ("casualties", "figure_high", "greater than its whole"): [too_great_a_part],
    ("casualties", "figure_high", "add to more"): [too_many_parts],
    ("casualties", "is_nationality_negated", "is negated"): [
        lambda r: part(r, is_nationality_negated="true", nationality="")
    ],
    ("casualties", "status_basis", "status and status_basis"): [
        lambda r: part(r, status="civilian", status_basis="not_stated"),
        lambda r: part(r, status="not_stated", status_basis="stated"),
    ],
    ("corrections", "new_value", "Nothing was changed"): [
        lambda r: correct(r, correction(r, old_value=actor(r)["name"])),
        lambda r: correct(r, correction(r, column_name="note", old_value="", new_value="")),
    ],
    ("corrections", "old_value", "The chain is broken"): [
        lambda r: correct(r, correction(r, n=1, new_value="Persia"), correction(r, n=2)),
        lambda r: correct(r, correction(r, n=1, new_value=""), correction(r, n=2)),
    ],
    ("corrections", "corrected_date", "taken out before"): [
        lambda r: correct(r, removal(n=1), correction(r, n=2, corrected_id="act_gone"))
    ],
    ("episodes", "from_date", "earlier day"): [change("episodes", from_date=LATE)],
    ("event_links", "linked_event_id", "not tied to itself"): [
        lambda r: r.add("event_links", linked_event_id=r.find("event_links")[1]["event_id"])
    ],
    ("events", "part_of_id", "kind series"): [other_parent],
    ("events", "event_id", "citations.csv"): [orphan("events", "citations")],
    ("events", "kind", "an attacker and a struck"): [
        *(
            orphan("events", "event_actors", lambda row: row["kind"] == "strike", role=role)
            for role in ("attacker", "struck")
        ),
        struck_region,
    ],
    ("casualties", "figure_high", "Fewer than nobody"): [
        change(
            "casualties",
            lambda row: row["age_group"] == "child" and not row["part_of_id"],
            figure_low="0",
            figure_high="0",
            qualifier="less_than",
        ),
    ],
    ("locations", "latitude", "come as four"): [
        location(**POINT | {missing: ""}) for missing in ("latitude", "coordinate_passage_id")
    ],
    ("locations", "admin1_pcode", "of the country"): [
        location(country="SYR", admin1_pcode="IQG01", admin2_pcode=""),
        location(country="IRQ", admin1_pcode="IQG01Q01", admin2_pcode=""),
    ],
    ("locations", "admin2_pcode", "lies in admin1_pcode"): [
        location(country="IRQ", admin1_pcode="IQG02", admin2_pcode="IQG01Q01"),
    ],
    ("munitions", "part_of_id", "the statement of its whole"): [
        lambda r: r.add(
            "munitions",
            munition_id="mun_planted",
            part_of_id=(first := r.find("munitions")[1])["munition_id"],
            statement_id=of_another(r, "statements", "statement_id", first["statement_id"]),
        )
    ],
    ("passages", "sha256", "the length and the hash"): [
        change("passages", has("sha256"), sha256=""),
        change("passages", has("sha256"), n_characters=""),
    ],
    ("propositions", "value_from_date", "earlier day"): [
        lambda r: proposition(r, **VALUED | {"value_from_date": LATE, "value_to_date": EARLY})
    ],
    ("propositions", "value_date_precision", "none of the four"): [
        lambda r: proposition(r, **VALUED | {"value_date_basis": ""})
    ],
    ("propositions", "value_low", "lower number"): [
        lambda r: proposition(r, **NUMBER | {"value_low": "3"})
    ],
    ("propositions", "value_unit", "needs its unit"): [
        lambda r: proposition(r, **NUMBER | {"value_unit": ""}),
        lambda r: proposition(r, **NUMBER | {"value_qualifier": ""}),
    ],
    ("propositions", "rival_group", "Rivals answer one question"): [two_questions],
    ("propositions", "topic", "on a date"): [lambda r: proposition(r, topic="date")],
    ("propositions", "topic", "on a place"): [
        lambda r: proposition(r, topic="launch_site"),
    ],
    ("propositions", "proposition_id", "takes a stance"): [
        add("propositions", proposition_id="prp_planted")
    ],
    ("response_actors", "on_behalf_of_id", "for whom"): [
        change("response_actors", lambda row: row["role"] == "actor", on_behalf_of_id="")
    ],
    ("response_states", "from_date", "earlier day"): [
        change("response_states", has("from_date"), from_date=LATE)
    ],
    ("response_states", "date_precision", "none of the four"): [
        change("response_states", has("from_date"), date_precision="")
    ],
    ("response_states", "to_date", "before the event"): [answer_before_event],
    ("responses", "kind", "military answer"): [change("responses", kind="military_strike")],
    ("responses", "response_id", "citations.csv"): [orphan("responses", "citations")],
    ("responses", "response_id", "Nobody does it"): [
        orphan("responses", "response_actors", role="actor")
    ],
    ("responses", "response_id", "answers nothing"): [orphan("responses", "response_events")],
    ("responses", "response_id", "state is unknown"): [orphan("responses", "response_states")],
    ("sources", "published_from_date", "earlier day"): [
        change("sources", has("published_from_date"), published_from_date=LATE)
    ],
    ("sources", "published_date_precision", "none of the three"): [
        change("sources", has("published_from_date"), published_to_date="")
    ],
    ("statements", "said_from_date", "earlier day"): [
        lambda r: statement(r, **SAID | {"said_from_date": LATE, "said_to_date": EARLY})
    ],
    ("statements", "said_date_precision", "none of the four"): [
        lambda r: statement(r, **SAID | {"said_to_date": ""})
    ],
    ("statements", "said_time", "its day"): [lambda r: statement(r, said_time="10:00")],
    ("statements", "claimant_office_id", "of this claimant"): [office_of_another],
    ("statements", "claimant_office_id", "not held on that day"): [office_left],
    ("statements", "supersedes_id", "Only the same claimant"): [rival_superseded],
    ("statements", "withdrawn_by_id", "day of the withdrawal"): [
        lambda r: statement(r, withdrawn_by_id="act_iran", withdrawn_date="")
    ],
    ("statements", "statement_id", "citations.csv"): [orphan("statements", "citations")],
} | {
    (table, "passage_id", "not cited from this passage"): [
        lambda r, table=table: r.change(table, passage_id="psg_ucdp_ged")
    ]
    for table in ("casualties", "claims", "damage", "munitions", "response_states")
}
RULES = [
    Plant("rule", table, column, edit, "", remedy)
    for (table, column, remedy), edits in BROKEN.items()
    for edit in edits
]


@pytest.mark.parametrize("plant", RULES, ids=ids)
def test_a_broken_rule_is_told(record: Record, plant: Plant):
    """Each rule on a row guards something that SQL further on relies on."""
    finding = told(record, plant)
    cell = record.rows(plant.table)[finding.line][plant.column]
    assert finding.problem == (f"'{cell}' breaks a rule of the table" if cell else "is empty")


def test_every_declared_rule_is_broken_by_a_plant():
    """A rule that nobody has seen fail may be one that cannot."""
    declared = [(t.name, rule.column, rule.remedy) for t in DECLARED.values() for rule in t.rules]
    met = [
        [rule for rule in declared if rule[:2] == (table, column) and words in rule[2]]
        for table, column, words in BROKEN
    ]
    assert all(len(rules) == 1 for rules in met), "a plant fits no rule, or several"
    assert sorted(rule for rules in met for rule in rules) == sorted(declared)


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
        for day in ("15/01/2024", "2024-02-30")
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
        "names",
        "name_id",
        add("names", name_id=f"nam_{CYRILLIC_I}ran"),
        "has another form than its column",
        "Write nam_ and then",
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
        "references",
        "statement_addressees",
        "addressee_id",
        add("statement_addressees", addressee_id=f"act_{CYRILLIC_I}ran"),
        f"'act_{CYRILLIC_I}ran' is not in actors.csv",
        "Did you mean 'act_iran'?",
    ),
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
    twice("passages", "unique_together", "(source_id, locator_kind, locator)", passage_id="psg_x"),
    ring("locations", "part_of_id", 3),
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
    "Latin-1": (first_row(lambda b: b + b"\xe9"), 2, "(file)", "byte 0xe9 is not", "as UTF-8"),
    "CR": (first_row(lambda b: b + b"\r"), 2, "(file)", "a carriage return", "LF line ends"),
    "NUL": (first_row(lambda b: b + b"\0"), 2, "(file)", "a NUL", "Save it as text"),
    "cut": (lambda b: b[:-9], 0, "(file)", "the last line has no line end", "Was the file cut?"),
    "blank line": (first_row(lambda b: b + b"\n"), 3, "(line)", "the line is empty", "one line"),
    "open quote": (first_row(lambda b: b'"' + b), 2, "(line)", "cannot be read", "is quoted"),
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
        ("seeds_csv/names.csv", last + 1, "(line)"),
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
    assert told_line.endswith("  name: is empty. Every row needs it")
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
