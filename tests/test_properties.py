"""The rules of counting hold for whatever the checker lets in, not only for this record.

Small worlds are made up at random: a strike or two, who struck whom, documents of every kind, what
is said in them and by whom, and the figures. Each property asks the models, as dbt compiled them,
about many such worlds at once; the ids of each world end in its number, so none touches another.
The environment variable STRIKE_LEDGER_BATCHES asks for so many batches of worlds, others each time;
with STRIKE_LEDGER_WORLDS_IN_A_BATCH=1 a world that breaks a property is shrunk to its core.
"""

import csv
import os
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import jinja2
import pyarrow as pa
import pytest
from conftest import Copy
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from models import Models
from strike_ledger.checks import check
from strike_ledger.declarations import PROJECT, RECORD, VOCABULARY, loaded_tables, tables

Row = dict[str, Any]
World = dict[str, list[Row]]
Views = dict[str, list[Row]]
Key = tuple[str, str, str]

# A batch costs little more than one world, but only a single world is soon shrunk to its core.
BATCHES = int(os.environ.get("STRIKE_LEDGER_BATCHES", "3"))
WORLDS_IN_A_BATCH = int(os.environ.get("STRIKE_LEDGER_WORLDS_IN_A_BATCH", "25"))
SETTINGS = settings(
    max_examples=BATCHES,
    derandomize="STRIKE_LEDGER_BATCHES" not in os.environ,
    phases=[Phase.generate, *([Phase.shrink] if WORLDS_IN_A_BATCH == 1 else [])],
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

# --- worlds ---------------------------------------------------------------------------------

DAYS = [date(2024, 1, day) for day in (15, 16, 17)]

# The new witness, the copyist and their documents are in every world and say nothing in it.
ACTORS = {
    "act_a": ("state", "IRN"),
    "act_b": ("state", "PAK"),
    "act_c": ("state", "IRQ"),
    "act_ministry": ("ministry", "PAK"),
    "act_group": ("armed_group", None),
    "act_agency": ("outlet", None),
    "act_digest": ("outlet", None),
    "act_crowd": ("anonymous_source", None),
}
NEW_WITNESS, COPYIST = "act_new_witness", "act_copyist"
OWN_REPORT, COPY = "src_own_report", "src_copy"
PROXIMITIES = [
    *("first_hand", "official_party", "wire"),
    *("relay", "copy", "aggregator", "reference_work", "commentary"),
]
WORDS = ["several", "dozens", "plural", "some", "no_figure"]
FIGURES = [1, 0, 2, 3, 4, 5, 9, 24, 30]
BOUNDS_ABOVE = {"exactly", "about", "up_to", "less_than", "between"}
LEAST = {"several": 2, "dozens": 24, "plural": 2, "some": 1, "no_figure": 1}


def _kind(  # noqa: PLR0913, PLR0917
    age: str = "not_stated",
    sex: str = "not_stated",
    status: str = "not_stated",
    basis: str = "not_stated",
    nationality: str | None = None,
    negated: bool = False,
) -> Row:
    return {
        "age_group": age,
        "sex": sex,
        "status": status,
        "status_basis": basis,
        "nationality": nationality,
        "is_nationality_negated": negated,
    }


STATUSES = [
    ("civilian", "stated"),
    ("civilian", "disputed"),
    ("police", "stated"),
    ("soldier", "stated"),
    ("security_forces", "disputed"),
    ("armed_group_member", "disputed"),
]
AGES_AND_SEXES = [
    ("child", "not_stated"),
    ("adult", "female"),
    ("adult", "male"),
    ("not_stated", "female"),
    ("child", "male"),
]
NATIONALITIES = [("PAK", False), ("PAK", True), ("GBR", False), ("IRQ", False), ("IRN", True)]
OF_ALL = _kind()
KINDS = [OF_ALL] * 60 + [
    _kind(*ages, *statuses, *nations)
    for ages, statuses, nations in product(
        [("not_stated", "not_stated")] * 3 + AGES_AND_SEXES,
        [("not_stated", "not_stated")] * 4 + STATUSES,
        [(None, False)] * 4 + NATIONALITIES,
    )
][::7]
PARTITIONS = {
    "age_and_sex": [dict(zip(("age_group", "sex"), one, strict=True)) for one in AGES_AND_SEXES],
    "status": [dict(zip(("status", "status_basis"), one, strict=True)) for one in STATUSES],
    "nationality": [
        dict(zip(("nationality", "is_nationality_negated"), one, strict=True))
        for one in NATIONALITIES
    ],
    "person": [{}, {"age_group": "child"}, {"age_group": "adult", "sex": "male"}],
    "relation": [{}, {"age_group": "child"}],
}

# What a row has where a world does not tell: words that no rule reads.
DEFAULTS: dict[str, Row] = {
    "actors": {"name": "A name", "description": "A text", "passage_id": "psg_own_report"},
    "casualties": {"wording": "A text", "relation": "not_stated"},
    "citations": {"cited_table": "statements", "role": "originates", "fidelity": "faithful"},
    "claims": {"target_table": "casualties", "certainty": "unhedged", "relay_distance": "none"},
    "episodes": {},
    "event_actors": {},
    "events": {"episode_id": "epi_a", "status": "happened", "label": "A text", "summary": "A text"},
    "passages": {"locator_kind": "paragraph", "locator": "1"},
    "sources": {"title": "A title", "kind": "news_report", "language_code": "en"},
    "statements": {
        "episode_id": "epi_a",
        "form": "news_report",
        "summary": "A text",
        "attribution": "named",
    },
}


@cache
def _up_to(number: int) -> st.SearchStrategy[int]:
    return st.integers(0, number)


def _picking(draw: Callable) -> Callable:
    """Give what picks one of several options: quicker than a strategy for each list of them."""
    return lambda options: options[draw(_up_to(len(options) - 1))]


def _source(world: World, source: str, publisher: str, proximity: str) -> None:
    world["sources"].append(
        {"source_id": source, "publisher_id": publisher, "proximity": proximity}
    )
    passage = source.replace("src_", "psg_")
    world["passages"].append({"passage_id": passage, "source_id": source})


def _figure(pick: Callable, room: int | None) -> Row:
    """Draw a figure with its qualifier, of a part where there is room for so many."""
    few = ["exactly"] * 7 + ["about", "at_least", "more_than", "up_to", "less_than", "between"]
    qualifier = pick(few + WORDS)
    if qualifier in WORDS and (room is None or LEAST[qualifier] <= room):
        return {"qualifier": qualifier, "figure_low": None, "figure_high": None}
    options = FIGURES if room is None else [*range(room + 1), *[room] * (room // 2 + 1)]
    figure = pick(options)
    if qualifier in WORDS or (qualifier, figure) in (("less_than", 0), ("more_than", room)):
        qualifier = "exactly"
    high = figure + 2 if qualifier == "between" else figure
    return {"qualifier": qualifier, "figure_low": figure, "figure_high": high}


def _room(whole: Row) -> int | None:
    """Give the number that the parts of a report may add up to, or None where any will do."""
    if whole["qualifier"] not in BOUNDS_ABOVE:
        return None
    return whole["figure_high"] - (whole["qualifier"] == "less_than")


def _parts(pick: Callable, whole: Row, n_partitions: int) -> list[Row]:
    """Draw the parts of a report, and sometimes a part of the first."""
    rows: list[Row] = []
    names = list(PARTITIONS)
    for _ in range(n_partitions):
        partition = names.pop(pick(range(len(names))))
        room = _room(whole)
        for _ in range(pick([2, 1, 3])):
            figure = _figure(pick, room)
            room = room and room - (figure["figure_low"] or 0)
            outcome = whole["outcome"]
            if outcome == "killed_or_injured":
                outcome = pick(["killed", "injured", outcome])
            inherited = whole if pick([False, True]) else OF_ALL
            rows.append(
                {column: inherited[column] for column in OF_ALL}
                | pick(PARTITIONS[partition])
                | figure
                | {
                    "casualty_id": f"{whole['casualty_id']}_{len(rows)}",
                    "statement_id": whole["statement_id"],
                    "event_id": whole["event_id"],
                    "outcome": outcome,
                    "part_of_id": whole["casualty_id"],
                    "divided_by": partition,
                }
            )
    return rows


def _reports(pick: Callable, statement_id: str, events: list[str]) -> list[Row]:
    """Draw what a statement says of people hurt."""
    rows = []
    for number in range(pick([1, 0, 2, 3])):
        whole = (
            pick(KINDS)
            | _figure(pick, None)
            | {
                "casualty_id": f"{statement_id.replace('stm_', 'cas_')}_{number}",
                "statement_id": statement_id,
                "event_id": pick(events),
                "outcome": pick(["killed"] * 4 + ["injured", "killed_or_injured", "missing"]),
                "part_of_id": None,
                "divided_by": None,
            }
        )
        parts = _parts(pick, whole, pick([0, 0, 1, 1, 2]))
        rows += [whole, *parts]
        if parts and pick([False] * 3 + [True]):
            rows += _parts(pick, parts[0], 1)
    return rows


def _statement(pick: Callable, number: int, world: World) -> None:
    """Draw a statement, the documents in which it is met, and what it reports."""
    statement_id = f"stm_{number}"
    earlier = pick([None, None, None, *world["statements"]])
    if earlier:
        claimant, on_behalf_of = earlier["claimant_id"], earlier["on_behalf_of_id"]
    else:
        claimant = pick(list(ACTORS))
        on_behalf_of = pick([None, None, None, "act_a", "act_b"])
    day = pick([None, *(d for d in DAYS if not (earlier and d < (earlier["said_to_date"] or d)))])
    world["statements"].append(
        {
            "statement_id": statement_id,
            "claimant_id": claimant,
            "on_behalf_of_id": on_behalf_of,
            "attribution": pick(["named"] * 4 + ["collective", "anonymous", "impersonal"]),
            "said_from_date": day,
            "said_to_date": day,
            "said_date_precision": day and "day",
            "said_date_basis": day and "printed",
            "withdrawn_date": pick([None] * 5 + [DAYS[-1]]),
            "supersedes_id": earlier["statement_id"] if earlier else None,
        }
    )
    passages = [row["passage_id"] for row in world["passages"][2:]]
    first = pick(range(len(passages)))
    for passage in passages[first : first + pick([1, 2])]:
        world["citations"].append(
            {
                "passage_id": passage,
                "cited_id": statement_id,
                "role": pick(["originates", "relays", "relays", "interprets"]),
                "fidelity": pick(["faithful"] * 5 + ["translated", "misprint", "mistranslation"]),
            }
        )
    events = [row["event_id"] for row in world["events"]]
    rows = _reports(pick, statement_id, [events[0]] * 3 + events)
    if earlier and pick([False, True]):
        rows = _retold(world, earlier["statement_id"], statement_id, 2) or rows
    world["casualties"] += rows


@st.composite
def _worlds(draw: Callable) -> World:
    """Draw a world: one or two strikes, perhaps under an umbrella, and what is said of them."""
    pick = _picking(draw)
    world: World = {table: [] for table in DEFAULTS}
    world["episodes"].append(
        {
            "episode_id": "epi_a",
            "label": "A text",
            "summary": "A text",
            "from_date": DAYS[0],
            "to_date": DAYS[-1],
        }
    )
    cast = {**ACTORS, NEW_WITNESS: ("organisation", None), COPYIST: ("outlet", None)}
    for actor, (kind, country) in cast.items():
        world["actors"].append({"actor_id": actor, "kind": kind, "country": country})
    _source(world, OWN_REPORT, NEW_WITNESS, "first_hand")
    _source(world, COPY, COPYIST, "copy")
    for number in range(pick([1, 2, 3])):
        publisher = pick(["act_agency", "act_digest", "act_ministry", "act_a"])
        _source(world, f"src_{number}", publisher, pick(PROXIMITIES))
    names = pick([["evt_a"], ["evt_a", "evt_b"], ["evt_a", "evt_b", "evt_all"]])
    for event in names:
        umbrella = "evt_all" if "evt_all" in names and event != "evt_all" else None
        kind = "series" if event == "evt_all" else "strike"
        world["events"].append({"event_id": event, "kind": kind, "part_of_id": umbrella})
        world["citations"].append(
            {"passage_id": "psg_own_report", "cited_table": "events", "cited_id": event}
        )
        attacker = pick(["act_a", "act_group"])
        struck = pick([["act_b"], ["act_b", "act_c"]])
        for actor, role in [(attacker, "attacker"), *((actor, "struck") for actor in struck)]:
            world["event_actors"].append({"event_id": event, "actor_id": actor, "role": role})
    for number in range(pick([2, 1, 3, 4, 5])):
        _statement(pick, number, world)
    claims = {}
    for _ in range(pick([0, 0, 1, 2]) if world["casualties"] else 0):
        stances = ["denies", "doubts", "rejects", "asserts", "endorses", "concedes", "no_position"]
        claim = {
            "statement_id": pick(world["statements"])["statement_id"],
            "target_id": pick(world["casualties"])["casualty_id"],
            "stance": pick(stances),
        }
        claims[tuple(claim.values())] = claim
    world["claims"] += claims.values()
    return world


class Case(NamedTuple):
    """A world, one of its statements, and a report that somebody may add to it."""

    world: World
    chosen: Row
    report: list[Row]
    word: Row
    figure: int
    stance: str

    def __repr__(self) -> str:
        """Count the rows: what breaks a property is told in its message."""
        return f"<world of {self.size} rows>"

    @property
    def size(self) -> int:
        """Give the number of rows in it."""
        return sum(map(len, self.world.values()))

    def reports(self) -> list[Row]:
        """Give what the statement chosen reports."""
        wanted = self.chosen["statement_id"]
        return [row for row in self.world["casualties"] if row["statement_id"] == wanted]


@st.composite
def _cases(draw: Callable) -> Case:
    pick, world = _picking(draw), draw(_worlds())
    events = [row["event_id"] for row in world["events"]]
    word = pick(KINDS) | {
        "casualty_id": "cas_word",
        "event_id": pick(events),
        "outcome": pick(["killed", "killed", "injured", "killed_or_injured"]),
        "figure_low": None,
        "qualifier": pick(WORDS),
    }
    return Case(
        world,
        pick(world["statements"]),
        _reports(pick, "stm_new", events),
        word,
        pick(FIGURES),
        pick(["denies", "doubts", "asserts"]),
    )


def _batches() -> st.SearchStrategy[list[Case]]:
    """Give batches of worlds, the smallest first: it tells best what is wrong."""
    batches = st.lists(_cases(), min_size=WORLDS_IN_A_BATCH, max_size=WORLDS_IN_A_BATCH)
    return batches.map(lambda cases: sorted(cases, key=lambda case: case.size))


# --- what is done to a world ----------------------------------------------------------------


def _scaled(row: Row, times: int) -> Row:
    if row["figure_low"] is None:
        return row
    return row | {name: row[name] * times for name in ("figure_low", "figure_high")}


def _retold(world: World, told: str, statement_id: str, times: int = 1) -> list[Row]:
    """Give the reports of a statement once more as those of another, each figure multiplied."""
    rows = [row for row in world["casualties"] if row["statement_id"] == told]
    names = {
        row["casualty_id"]: f"{statement_id.replace('stm_', 'cas_')}_told_{number}"
        for number, row in enumerate(rows)
    }
    return [
        _scaled(row, times)
        | {
            "casualty_id": names[row["casualty_id"]],
            "statement_id": statement_id,
            "part_of_id": names.get(row["part_of_id"]),
        }
        for row in rows
    ]


def _added(world: World, **rows: list[Row]) -> World:
    """Give the world with more rows in some tables."""
    return world | {table: world[table] + more for table, more in rows.items()}


def _said(
    world: World,
    rows: list[Row],
    claimant_id: str = NEW_WITNESS,
    source: str = OWN_REPORT,
    **statement: object,
) -> World:
    """Give the world with one more statement, cited from one document, and what it reports."""
    values = statement | {"statement_id": "stm_new", "claimant_id": claimant_id}
    passage = source.replace("src_", "psg_")
    return _added(
        world,
        statements=[values],
        citations=[{"passage_id": passage, "cited_id": "stm_new"}],
        casualties=[row | {"statement_id": "stm_new"} for row in rows],
    )


def _without_reports(world: World, where: Callable[[Row], object]) -> World:
    """Give the world without some reports of people hurt, and without what is said of these."""
    gone = {row["casualty_id"] for row in world["casualties"] if where(row)}
    return world | {
        "casualties": [row for row in world["casualties"] if row["casualty_id"] not in gone],
        "claims": [row for row in world["claims"] if row["target_id"] not in gone],
    }


def _without(world: World, statement_id: str) -> World:
    """Give the world without a statement; what updates it updates nothing."""
    left = _without_reports(world, lambda row: row["statement_id"] == statement_id)
    statements = [
        row | {"supersedes_id": None} if row["supersedes_id"] == statement_id else row
        for row in left["statements"]
        if row["statement_id"] != statement_id
    ]
    return left | {
        "statements": statements,
        "citations": [row for row in left["citations"] if row["cited_id"] != statement_id],
        "claims": [row for row in left["claims"] if row["statement_id"] != statement_id],
    }


def _plain(number: int, event: str, outcome: str, figure: int) -> Row:
    """Give the report of so many people, of whom nothing else is said."""
    return OF_ALL | {
        "casualty_id": f"cas_plain_{number}",
        "event_id": event,
        "outcome": outcome,
        "qualifier": "exactly",
        "figure_low": figure,
        "figure_high": figure,
    }


def as_it_is(case: Case) -> World:
    """Change nothing."""
    return case.world


def word_of_another(case: Case) -> World:
    """Let a new witness tell of some people hurt, without a figure."""
    return _said(case.world, [case.word])


def word_of_the_same(case: Case) -> World:
    """Let the statement chosen tell of others too, without a figure."""
    return _added(
        case.world, casualties=[case.word | {"statement_id": case.chosen["statement_id"]}]
    )


def word_for_a_part(case: Case) -> World:
    """Let the first report of the statement chosen have a part without a figure."""
    wholes = [row for row in case.reports() if row["part_of_id"] is None][:1]
    parts = [
        case.word
        | {name: whole[name] for name in ("statement_id", "event_id", "outcome")}
        | {"part_of_id": whole["casualty_id"], "divided_by": "age_and_sex"}
        for whole in wholes
        if (room := _room(whole)) is None or LEAST[case.word["qualifier"]] <= room
    ]
    return _added(case.world, casualties=parts)


def withdrawn_report(case: Case) -> World:
    """Let a new witness report and take it back."""
    world = _said(case.world, case.report, withdrawn_date=DAYS[-1])
    if not world["casualties"]:
        return world
    claim = {
        "statement_id": "stm_new",
        "target_id": world["casualties"][0]["casualty_id"],
        "stance": case.stance,
    }
    return _added(world, claims=[claim])


def withdrawn_update(case: Case) -> World:
    """Let the claimant of the statement chosen tell all of it anew and take that back."""
    rows = _retold(case.world, case.chosen["statement_id"], "stm_new", 3) + case.report
    return _updated(case, rows, withdrawn_date=DAYS[-1])


def _updated(case: Case, rows: list[Row], **values: object) -> World:
    statement = case.chosen | {"supersedes_id": case.chosen["statement_id"]} | values
    return _said(case.world, rows, **statement)


def updated(case: Case) -> World:
    """Let the claimant of the statement chosen tell all of it anew, with other figures."""
    return _updated(case, _retold(case.world, case.chosen["statement_id"], "stm_new", 3))


def updated_alone(case: Case) -> World:
    """Let only the new figures be told, and not those that they update."""
    world = updated(case)
    world["statements"][-1]["supersedes_id"] = case.chosen["supersedes_id"]
    return _without(world, case.chosen["statement_id"])


def withdrawn(case: Case) -> World:
    """Let the statement chosen be taken back."""
    back = case.chosen | {"withdrawn_date": DAYS[-1]}
    rows = [back if row == case.chosen else row for row in case.world["statements"]]
    return case.world | {"statements": rows}


def removed(case: Case) -> World:
    """Let the statement chosen never have been made."""
    return _without(case.world, case.chosen["statement_id"])


def _renderings(case: Case) -> list[Row]:
    chosen = case.chosen["statement_id"]
    return [row for row in case.world["citations"] if row["cited_id"] == chosen]


def _misrendered(case: Case) -> bool:
    return all(row["fidelity"] in ("misprint", "mistranslation") for row in _renderings(case))


def _cited_again(case: Case, source: str, fidelity: str) -> World:
    only_interpreted = all(row["role"] == "interprets" for row in _renderings(case))
    citation = {
        "passage_id": source.replace("src_", "psg_"),
        "cited_id": case.chosen["statement_id"],
        "role": "interprets" if only_interpreted else "relays",
        "fidelity": fidelity,
    }
    return _added(case.world, citations=[citation])


def met_in_a_copy(case: Case) -> World:
    """Let a copy misprint the statement chosen, however it was met before."""
    return _cited_again(case, COPY, "misprint")


def met_in_a_report(case: Case) -> World:
    """Let another first-hand document print the statement chosen, as it was met before."""
    return _cited_again(case, OWN_REPORT, "misprint" if _misrendered(case) else "faithful")


def copied(case: Case) -> World:
    """Let a copyist tell in its own voice what the statement chosen tells."""
    rows = _retold(case.world, case.chosen["statement_id"], "stm_new")
    return _said(case.world, rows, COPYIST, COPY)


def second_hand(case: Case) -> World:
    """Let a copyist tell figures of its own."""
    return _said(case.world, case.report, COPYIST, COPY)


def said_twice(case: Case) -> World:
    """Let the claimant of the statement chosen say the same again, in the same documents."""
    world = _said(
        case.world,
        _retold(case.world, case.chosen["statement_id"], "stm_new"),
        **case.chosen | {"supersedes_id": None},
    )
    again = [row | {"cited_id": "stm_new"} for row in _renderings(case)]
    return world | {"citations": case.world["citations"] + again}


def nothing_of_the_other(case: Case) -> World:
    """Leave out what is reported of the second strike."""
    return _without_reports(case.world, lambda row: row["event_id"] == "evt_b")


def nothing_of_the_umbrella(case: Case) -> World:
    """Leave out what is reported of several strikes together."""
    return _without_reports(case.world, lambda row: row["event_id"] == "evt_all")


def other_names(case: Case) -> World:
    """Give every record another id, so that what came first comes last."""
    return {
        table: [
            {name: _other_name(cell) for name, cell in (DEFAULTS[table] | row).items()}
            for row in rows
        ]
        for table, rows in case.world.items()
    }


_ID = re.compile("(act|cas|epi|evt|psg|src|stm)_[a-z0-9_]+")


def _other_name(cell: object) -> object:
    if not (isinstance(cell, str) and _ID.fullmatch(cell)):
        return cell
    kind, rest = cell.split("_", 1)
    return f"{kind}_{rest.translate(_MIRROR)}_"


_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
_MIRROR = str.maketrans(_LETTERS, _LETTERS[::-1])


def nobody_hurt(case: Case) -> World:
    """Let every report say that there was none."""
    none = {"qualifier": "exactly", "figure_low": 0, "figure_high": 0}
    return case.world | {"casualties": [row | none for row in case.world["casualties"]]}


def ten_times(case: Case) -> World:
    """Let every figure be ten times as great."""
    rows = [_scaled(row, 10) for row in case.world["casualties"]]
    return case.world | {"casualties": rows}


def unclaimed(case: Case) -> World:
    """Let nobody doubt or back what others report."""
    return case.world | {"claims": []}


def rival(case: Case) -> World:
    """Let a new witness give a figure for each strike, of those killed and of those injured."""
    return _said(case.world, _for_each_strike(case, lambda event, outcome: case.figure))


def _for_each_strike(case: Case, figure: Callable[[str, str], int | None]) -> list[Row]:
    told = [
        (row["event_id"], outcome, figure(row["event_id"], outcome))
        for row in case.world["events"]
        if row["kind"] == "strike"
        for outcome in ("killed", "injured")
    ]
    return [_plain(n, *one) for n, one in enumerate(told) if one[2] is not None]


VARIANTS: list[Callable[[Case], World]] = [
    *(as_it_is, word_of_another, word_of_the_same, word_for_a_part, withdrawn_report),
    *(withdrawn_update, updated, updated_alone, withdrawn, removed, met_in_a_copy),
    *(met_in_a_report, copied, second_hand, said_twice, nothing_of_the_other),
    *(nothing_of_the_umbrella, other_names, nobody_hurt, ten_times, unclaimed, rival),
]


# --- what the models make of it -------------------------------------------------------------

RULES = ("most_witnesses", "latest_official", "lowest")
REPORTS = ["int_harm_grades", "civilian_harm_by_strike", "casualty_reports", "toll_over_time"]
_NUMBER = re.compile(r"_w(\d+)$")


def _order_of(rule: str) -> str:
    """Write the order in which figures compete under a rule, by the project's own macro."""
    macros = (PROJECT / "macros/record.sql").read_text(encoding="utf-8")
    environment = jinja2.Environment(extensions=["jinja2.ext.do"], autoescape=True)
    return (
        environment.from_string(macros, {"var": lambda _: rule}).module.best_figure_first().strip()
    )


class Ledger:
    """The models over a record that is filled anew for each batch of worlds."""

    def __init__(self, models: Models, broken: str = "", rule: str = "", by: str = "") -> None:
        """Create the tables; where a model is to be broken, a rule in it is replaced."""
        self._models = models
        self._sql = dict(models.sql)
        if broken:
            assert rule in self._sql[broken], f"{broken} no longer says: {rule}"
            self._sql[broken] = self._sql[broken].replace(rule, by)
        usual = _order_of("most_witnesses")
        estimates = self._sql["int_harm_estimates"]
        assert estimates.count(usual) == 1 or broken == "int_harm_estimates"
        self._rules = {rule: estimates.replace(usual, _order_of(rule)) for rule in RULES}
        self._connection = models.connect()
        for table in loaded_tables().values():
            columns = ", ".join(
                f"{column.name} {column.data_type.replace('string', 'varchar')}"
                for column in table.columns
            )
            name = models.relation(table.name)
            self._connection.execute(f"create table {name} ({columns})")
            if table.folder == VOCABULARY:
                self._connection.execute(
                    f"insert into {name} by name from read_csv(?, all_varchar = true)",
                    [str(PROJECT / table.file)],
                )

    def _fill(self, worlds: Sequence[World], shuffled: bool) -> None:
        for table, defaults in DEFAULTS.items():
            rows = [
                {name: _numbered(cell, number) for name, cell in (defaults | row).items()}
                for number, world in enumerate(worlds)
                for row in world[table]
            ]
            if shuffled:
                random.Random(len(rows)).shuffle(rows)  # noqa: S311
            name = self._models.relation(table)
            self._connection.execute(f"truncate {name}")
            if rows:
                columns = dict.fromkeys(column for row in rows for column in row)
                batch = pa.table({c: pa.array([row.get(c) for row in rows]) for c in columns})
                self._connection.register("batch", batch)
                self._connection.execute(f"insert into {name} by name from batch")

    def _needed(self, wanted: Iterable[str]) -> list[str]:
        needed = set(wanted)
        for name in reversed(self._models.in_order):
            if name in needed:
                needed.update(self._models.parents[name])
        return [name for name in self._models.in_order if name in needed]

    def tell(self, worlds: Sequence[World], *wanted: str, shuffled: bool = False) -> list[Views]:
        """Give for each world the rows of the models asked for, and the estimates by each rule."""
        self._fill(worlds, shuffled)
        for name in self._needed([*wanted, "int_harm_estimates"]):
            self._models.create(self._connection, name, self._sql[name])
        queries = {name: f"from {self._models.relation(name)}" for name in wanted} | self._rules
        views: list[Views] = [{name: [] for name in queries} for _ in worlds]
        for name, query in queries.items():
            found = self._connection.execute(query)
            columns = [column for column, *_ in found.description]
            for cells in found.fetchall():
                number = int(_NUMBER.search(cells[0])[1])
                plain = (_NUMBER.sub("", c) if isinstance(c, str) else c for c in cells)
                views[number][name].append(dict(zip(columns, plain, strict=True)))
        return views

    def compare(
        self, cases: Sequence[Case], variants: Sequence[Callable[[Case], World]], *wanted: str
    ) -> list[list[Views]]:
        """Give for each case what the models tell of each variant of its world."""
        worlds = [variant(case) for case in cases for variant in variants]
        told = self.tell(worlds, *wanted)
        return [told[n : n + len(variants)] for n in range(0, len(told), len(variants))]


def _numbered(cell: object, number: int) -> object:
    return f"{cell}_w{number}" if isinstance(cell, str) and _ID.fullmatch(cell) else cell


def _key(row: Row) -> Key:
    return row["event_id"], row["outcome"], row["victim_group"]


def _by_key(views: Views, name: str = "most_witnesses") -> dict[Key, Row]:
    return {_key(row): row for row in views[name]}


def _estimates(views: Views, of: Callable[[Key], object] = lambda key: True) -> dict:
    """Give every estimate by every rule, of the groups asked for."""
    return {
        (rule, *key): tuple(row.values())[3:]
        for rule in RULES
        for key, row in _by_key(views, rule).items()
        if of(key)
    }


def _grades(views: Views) -> dict[Key, str]:
    return {_key(row): row["evidence_grade"] for row in views["int_harm_grades"]}


def _strikes(views: Views) -> dict[str, Row]:
    return {row["event_id"]: row for row in views["civilian_harm_by_strike"]}


def _same(case: Case, before: object, after: object) -> None:
    """Hold that two are equal; else tell how they differ, and in which world."""
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
        told = "; ".join(f"{key}: {before.get(key)} -> {after.get(key)}" for key in keys)
    else:
        told = f"{before} -> {after}"
    _hold(case, False, told)


def _hold(case: Case, holds: object, told: object) -> None:
    """Hold that something is so; else tell what it is about, and in which world."""
    if not holds:
        rows = [f"{t} {row}" for t, rows in case.world.items() for row in rows]
        raise AssertionError("\n".join([str(told), f"chosen {case.chosen}", *rows]))


@pytest.fixture(scope="module")
def models(built: Copy) -> Models:
    """Give the models of the built copy."""
    return Models(built)


@pytest.fixture(scope="module")
def ledger(models: Models) -> Ledger:
    """Give the models as they are."""
    return Ledger(models)


# --- the worlds are such as the checker lets in ---------------------------------------------


def _written(cell: object, number: int) -> object:
    return str(cell).lower() if isinstance(cell, bool) else _numbered(cell, number)


def _write(folder: Path, worlds: Sequence[World]) -> None:
    for name, table in tables(RECORD).items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, table.column_names, lineterminator="\n")
            writer.writeheader()
            for number, world in enumerate(worlds):
                for row in world.get(name, []):
                    cells = (DEFAULTS[name] | row).items()
                    writer.writerow({column: _written(cell, number) for column, cell in cells})


@settings(SETTINGS, max_examples=2)
@given(cases=_batches())
def test_the_worlds_pass_the_checker(
    cases: list[Case], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """No world is one that could not be loaded, nor is what the properties make of it."""
    folder = tmp_path_factory.mktemp("worlds")
    _write(folder, [variant(case) for case in cases for variant in VARIANTS])
    assert [str(finding) for finding in check(folder)][:5] == []


# --- the rules ------------------------------------------------------------------------------

properties = given(cases=_batches())
TOLLS, STANDING, GROUPS = (
    "int_statement_tolls",
    "int_casualties_standing",
    "int_casualty_groups",
)


def _ordered(row: Row) -> bool:
    known = [row[name] for name in ("low", "best", "high") if row[name] is not None]
    return known == sorted(known)


@SETTINGS
@properties
def test_low_best_and_high_are_in_order(ledger: Ledger, cases: list[Case]) -> None:
    """Always low <= best <= high, by every rule; no figure has more witnesses than the group."""
    for case, (views,) in zip(
        cases, ledger.compare(cases, [as_it_is], TOLLS, STANDING), strict=True
    ):
        for name in (TOLLS, STANDING, *RULES):
            for row in views[name]:
                _hold(case, _ordered(row), (name, row))
        for rule in RULES:
            for row in views[rule]:
                _hold(case, (row["n_witnesses_for_best"] or 0) <= row["n_witnesses"], (rule, row))


@SETTINGS
@properties
def test_an_unknown_stays_unknown(ledger: Ledger, cases: list[Case]) -> None:
    """A report without a figure is counted as one and makes no figure known, more or less.

    It gives low where no report has a figure, and can leave high unknown; that is all.
    """
    variants = [as_it_is, word_of_another, word_of_the_same, word_for_a_part]
    told = ledger.compare(cases, variants, "civilian_harm_by_strike")
    for case, (before, *others) in zip(cases, told, strict=True):
        for number, after in enumerate(others):
            is_total = number < 2
            for event, strike in _strikes(after).items():
                more = strike["n_reports_without_figure"]
                more -= _strikes(before)[event]["n_reports_without_figure"]
                added = is_total and event == case.word["event_id"]
                _hold(case, more == added, f"{more} more reports without a figure of {event}")
        (after, *same) = others
        for rule in RULES:
            known = _by_key(before, rule)
            for key, row in _by_key(after, rule).items():
                was = known.get(key, {"low": None, "best": None, "high": None})
                _same(case, was["best"], row["best"])
                _hold(case, row["high"] in (was["high"], None), (key, was, row))
                if was["best"] is not None:
                    _same(case, was["low"], row["low"])
                elif was["low"] is not None:
                    _hold(case, row["low"] <= was["low"], (key, was, row))
            # A word in an update takes the place of a figure: that is another rule.
            if case.chosen["supersedes_id"] is None:
                for views in same:
                    for key, row in _by_key(views, rule).items():
                        was_known = key in known and known[key]["best"] is not None
                        _hold(case, was_known or row["best"] is None, (key, row))


@SETTINGS
@properties
def test_a_withdrawn_report_changes_nothing(ledger: Ledger, cases: list[Case]) -> None:
    """A report taken back, also as an update, leaves all estimates and grades as they were.

    It is told among the reports set aside; where it was the only one, the harm is discounted.
    """
    told = ledger.compare(cases, [as_it_is, withdrawn_report, withdrawn_update], *REPORTS[:2])
    apart = re.compile("n_(reports|claimants|witnesses)|.*_grade")
    for case, (before, *others) in zip(cases, told, strict=True):
        for after in others:
            _same(case, _estimates(before), _estimates(after))
            grades = _grades(before)
            new = {key: g for key, g in _grades(after).items() if key not in grades}
            _same(case, grades | dict.fromkeys(new, "discounted"), _grades(after))
            _hold(case, {group for *_, group in new} <= {"everyone"}, new)
            for event, strike in _strikes(before).items():
                was, now = (
                    {name: cell for name, cell in row.items() if not apart.match(name)}
                    for row in (strike, _strikes(after)[event])
                )
                _same(case, was, now)


@SETTINGS
@properties
def test_what_is_withdrawn_is_as_if_never_said(ledger: Ledger, cases: list[Case]) -> None:
    """Without a statement the estimates are as they are once it is taken back."""
    told = ledger.compare(cases, [withdrawn, removed], "int_harm_grades")
    for case, (back, gone) in zip(cases, told, strict=True):
        _same(case, _estimates(gone), _estimates(back))
        grades = _grades(gone)
        _same(case, grades, {key: g for key, g in _grades(back).items() if key in grades})


@SETTINGS
@properties
def test_the_order_of_rows_never_matters(ledger: Ledger, cases: list[Case]) -> None:
    """Whatever lies first in a table, every model tells the same."""
    worlds = [case.world for case in cases]
    names = [*REPORTS, TOLLS, STANDING, GROUPS, "fct_casualties", "fct_statements", "fct_events"]
    as_drawn, as_shuffled = (
        ledger.tell(worlds, *names, shuffled=shuffled) for shuffled in (False, True)
    )
    for case, one, other in zip(cases, as_drawn, as_shuffled, strict=True):
        for name in one:
            _same(case, sorted(map(str, one[name])), sorted(map(str, other[name])))


@SETTINGS
@properties
def test_a_copy_never_changes_an_estimate(ledger: Ledger, cases: list[Case]) -> None:
    """Who prints what another said, or says it again, is no second witness.

    A figure that was set aside stands again in the voice of a copyist, and a copyist's own figure
    counts, but only where no witness gives one.
    """
    variants = [as_it_is, met_in_a_copy, met_in_a_report, copied, second_hand, said_twice]
    told = ledger.compare(cases, variants, TOLLS, STANDING)
    for case, (before, in_a_copy, in_a_report, by_copyist, other, twice) in zip(
        cases, told, strict=True
    ):
        chosen = case.chosen["statement_id"]
        uses = {r["report_use"] for r in before[STANDING] if r["statement_id"] == chosen}
        witnessed = {
            _key(row)
            for row in before[TOLLS]
            if row["witness_id"] is not None and row["best"] is not None
        }
        same = [in_a_copy, in_a_report]
        if uses <= {"total", "part", "several_events"}:
            same += [by_copyist, twice]
        for after in same:
            _same(case, _estimates(before), _estimates(after))
        for after in (by_copyist, other):
            _same(
                case,
                _estimates(before, witnessed.__contains__),
                _estimates(after, witnessed.__contains__),
            )


@SETTINGS
@properties
def test_parts_are_no_more_than_their_whole(ledger: Ledger, cases: list[Case]) -> None:
    """No group of a statement is greater than the whole, where its parts are plain numbers."""
    plain = {"exactly", "about", "up_to"}
    told = ledger.compare(cases, [as_it_is], TOLLS, STANDING)
    for case, (views,) in zip(cases, told, strict=True):
        reports = defaultdict(list)
        for row in views[STANDING]:
            reports[row["statement_id"], row["event_id"]].append(row)
        for toll in views[TOLLS]:
            rows = [
                row
                for row in reports[toll["statement_id"], toll["event_id"]]
                if row["outcome"] in (toll["outcome"], "killed_or_injured")
            ]
            if {row["qualifier"] for row in rows} <= plain:
                whole = max(row["high"] for row in rows if row["part_of_id"] is None)
                for bound in ("low", "best", "high"):
                    _hold(case, (toll[bound] or 0) <= whole, (toll, whole))


@SETTINGS
@properties
def test_what_overlaps_has_no_upper_bound(ledger: Ledger, cases: list[Case]) -> None:
    """Parts of two partitions, and separate figures of one statement, bound nobody from above.

    Where one part has no figure, the sum has none.
    """
    told = ledger.compare(cases, [as_it_is], TOLLS, GROUPS)
    for case, (views,) in zip(cases, told, strict=True):
        partitions, words = defaultdict(set), set()
        for row in views[GROUPS]:
            whole = row["part_of_id"] or row["casualty_id"]
            partitions[row["statement_id"], *_key(row)].add((whole, row["divided_by"]))
            if row["best"] is None:
                words.add((row["statement_id"], *_key(row)))
        for toll in views[TOLLS]:
            key = (toll["statement_id"], *_key(toll))
            overlap = len(partitions[key]) > 1
            _hold(case, toll["high"] is None or not overlap, toll)
            _hold(case, toll["best"] is None or overlap or key not in words, toll)


@SETTINGS
@properties
def test_events_are_counted_apart(ledger: Ledger, cases: list[Case]) -> None:
    """A report of one strike changes no other; one of several strikes changes none of them."""
    variants = [as_it_is, nothing_of_the_other, nothing_of_the_umbrella]
    told = ledger.compare(cases, variants, *REPORTS[:2])
    for case, (before, one, strikes) in zip(cases, told, strict=True):
        _same(
            case,
            _estimates(before, lambda key: key[0] != "evt_b"),
            _estimates(one, lambda key: key[0] != "evt_b"),
        )
        _same(case, _strikes(before)["evt_a"], _strikes(one)["evt_a"])
        _same(case, _estimates(before), _estimates(strikes))
        _same(case, _strikes(before), _strikes(strikes))
        _hold(case, all(event != "evt_all" for _, event, *_ in _estimates(before)), "umbrella")


@SETTINGS
@properties
def test_names_never_matter(ledger: Ledger, cases: list[Case]) -> None:
    """Other ids for all that is recorded give the same figures and grades."""
    told = ledger.compare(cases, [as_it_is, other_names], *REPORTS[:2])
    for case, (before, after) in zip(cases, told, strict=True):
        for tell in (_estimates, _grades):
            renamed = {tuple(map(_other_name, key)): v for key, v in tell(before).items()}
            _same(case, renamed, tell(after))
        for event, strike in _strikes(before).items():
            now = _strikes(after)[_other_name(event)]
            _same(case, strike, now | {"event_id": event})


@SETTINGS
@properties
def test_what_is_superseded_no_longer_decides(ledger: Ledger, cases: list[Case]) -> None:
    """Once the same claimant updates all that a statement told, it is as if never told."""
    told = ledger.compare(cases, [updated, updated_alone])
    for case, (both, alone) in zip(cases, told, strict=True):
        if not (case.chosen["withdrawn_date"] or _misrendered(case)):
            _same(case, _estimates(alone), _estimates(both))


def _says(row: Row, group: str, struck: set[str]) -> bool:
    """Tell whether a report speaks of a group by its own words."""
    is_struck = row["nationality"] in struck
    negated = row["is_nationality_negated"]
    return {
        "everyone": True,
        "children": row["age_group"] == "child",
        "women": (row["age_group"], row["sex"]) == ("adult", "female"),
        "men": (row["age_group"], row["sex"]) == ("adult", "male"),
        "foreign_nationals": row["nationality"] is not None
        and (is_struck and len(struck) == 1 if negated else not is_struck),
        "stated_civilians": (row["status"], row["status_basis"]) == ("civilian", "stated"),
        "presumed_civilians": (row["age_group"], row["status"]) == ("child", "not_stated"),
        "forces": row["status"] not in ("civilian", "not_stated"),
    }[group]


@SETTINGS
@properties
def test_a_group_is_told_by_its_own_words(ledger: Ledger, cases: list[Case]) -> None:
    """There is an estimate of a group where a report that stands names it, and nowhere else.

    So nobody of whom no age or sex is stated is a man, and no force is a civilian.
    """
    countries = {actor: country for actor, (_, country) in ACTORS.items()}
    for case, (views,) in zip(cases, ledger.compare(cases, [as_it_is], STANDING), strict=True):
        named = set()
        for row in views[STANDING]:
            struck = {
                countries[actor["actor_id"]]
                for actor in case.world["event_actors"]
                if (actor["event_id"], actor["role"]) == (row["event_id"], "struck")
            }
            if row["report_use"] in ("total", "part"):
                named |= {
                    (row["event_id"], row["outcome"], group)
                    for group in VICTIM_GROUPS
                    if _says(row, group, struck)
                }
        without_all = {key for key in named if key[2] != "everyone"}
        told = {key for key in _by_key(views) if key[2] != "everyone"}
        _same(case, without_all, told)
        _hold(case, set(_by_key(views)) <= named, "everyone")


VICTIM_GROUPS = [
    *("everyone", "children", "women", "men", "foreign_nationals"),
    *("stated_civilians", "presumed_civilians", "forces"),
]


@SETTINGS
@properties
def test_zero_is_a_figure_and_silence_is_none(ledger: Ledger, cases: list[Case]) -> None:
    """A reported zero is 0 and no harm; where nothing is recorded there is no figure at all."""
    told = ledger.compare(cases, [as_it_is, nobody_hurt], *REPORTS[:2])
    for case, (before, after) in zip(cases, told, strict=True):
        for strike in _strikes(before).values():
            figures = {c for n, c in strike.items() if n.endswith(("_low", "_best", "_high"))}
            silent = strike["harm_recorded"] == "nothing_recorded"
            _hold(case, not silent or figures == {None}, strike)
        for (_, *key), (low, best, high, *_) in _estimates(after).items():
            none = low == 0 and best in (0, None) and high in (0, None)
            _hold(case, none, (key, low, best, high))
        _hold(case, set(_grades(after).values()) <= {"discounted"}, _grades(after))
        for event, strike in _strikes(after).items():
            first = _by_key(after).get((event, "killed", "everyone"))
            if first and first["high"] == 0:
                _same(case, "reported_zero", strike["harm_recorded"])


@SETTINGS
@properties
def test_nothing_is_recorded_only_where_no_report_stands(ledger: Ledger, cases: list[Case]) -> None:
    """A strike of which a report of people hurt stands is not one of which nothing is recorded."""
    told = ledger.compare(cases, [as_it_is], "civilian_harm_by_strike", STANDING)
    for case, (views,) in zip(cases, told, strict=True):
        stands = {
            row["event_id"] for row in views[STANDING] if row["report_use"] in ("total", "part")
        }
        for event, strike in _strikes(views).items():
            silent = strike["harm_recorded"] == "nothing_recorded"
            _hold(case, silent == (event not in stands), strike)


def _plainly_told(views: Views, key: Key) -> bool:
    """Tell whether a witness gives a figure and none of those given is of some only."""
    figures = [row for row in views[TOLLS] if _key(row) == key and row["best"] is not None]
    return any(row["witness_id"] for row in figures) and not any(
        row["is_of_some_only"] for row in figures
    )


@SETTINGS
@properties
def test_one_more_witness(ledger: Ledger, cases: list[Case]) -> None:
    """A rival figure never raises low, lowers high or makes it unknown; a like one keeps best.

    Low follows best where that would else be below it, so it may rise where best does.
    """
    told = ledger.compare(cases, [as_it_is, rival], TOLLS, "int_harm_grades")
    bests = [_by_key(before) for before, _ in told]
    agreed = ledger.tell(
        [
            _said(
                case.world,
                _for_each_strike(
                    case, lambda *of, told=told: told.get((*of, "everyone"), {}).get("best")
                ),
            )
            for case, told in zip(cases, bests, strict=True)
        ]
    )
    for case, (before, after), like in zip(cases, told, agreed, strict=True):
        for key, was in _by_key(before).items():
            if key[2] != "everyone" or key[1] not in ("killed", "injured"):
                continue
            if not _plainly_told(before, key):
                continue
            now, agrees = _by_key(after)[key], _by_key(like)[key]
            _hold(case, now["low"] is not None, (key, was, now))
            if was["low"] is not None and now["best"] <= was["best"]:
                _hold(case, now["low"] <= was["low"], (key, was, now))
            if was["high"] is not None:
                _hold(case, now["high"] is not None, (key, was, now))
                _hold(case, now["high"] >= was["high"], (key, was, now))
            _same(case, was["best"], agrees["best"])
            _same(case, was["n_witnesses_for_best"] + 1, agrees["n_witnesses_for_best"])
            _same(case, was["n_witnesses"] + 1, now["n_witnesses"])


@SETTINGS
@properties
def test_each_rule_chooses_a_stated_figure(ledger: Ledger, cases: list[Case]) -> None:
    """The best of each rule is what the rule says, out of the figures of statements that count.

    low and high are the same by every rule, but where they would be on the wrong side of best.
    """
    for case, (views,) in zip(cases, ledger.compare(cases, [as_it_is], TOLLS), strict=True):
        figures = defaultdict(list)
        for row in views[TOLLS]:
            if row["is_counted"] and row["figure"] is not None:
                figures[_key(row)].append(row)
        for key, usual in _by_key(views).items():
            rows = figures[key]
            best = {rule: _by_key(views, rule)[key]["best"] for rule in RULES}
            if not rows:
                _same(case, dict.fromkeys(RULES), best)
                continue
            witnesses = defaultdict(set)
            official = defaultdict(list)
            for row in rows:
                witnesses[row["figure"]] |= {row["witness_id"]} - {None}
                if row["is_official"] and row["said_from_date"]:
                    official[row["said_from_date"]].append(row["figure"])
            lowest = min(witnesses)
            expected = {
                "most_witnesses": min(witnesses, key=lambda f: (-len(witnesses[f]), f)),
                "latest_official": min(official[max(official)]) if official else lowest,
                "lowest": lowest,
            }
            _same(case, expected, best)
            for rule in RULES:
                row = _by_key(views, rule)[key]
                _hold(
                    case,
                    row["low"] in (usual["low"], row["best"], None)
                    or usual["low"] == usual["best"],
                    (key, row),
                )


@SETTINGS
@properties
def test_a_grade_is_of_the_harm(ledger: Ledger, cases: list[Case]) -> None:
    """Ten times as many hurt are no better attested; a doubt or an assent changes no figure.

    A new witness of harm never makes a grade worse, and a denied harm stays contested.
    """
    ranks = {"weak": 1, "fair": 2, "confirmed": 3}
    variants = [as_it_is, ten_times, unclaimed, rival]
    told = ledger.compare(cases, variants, "int_harm_grades")
    for case, (before, more, quiet, witnessed) in zip(cases, told, strict=True):
        _same(case, _estimates(before), _estimates(quiet))
        qualifiers = {row["qualifier"] for row in case.world["casualties"]}
        if not qualifiers & {"less_than", "more_than"}:  # one off the figure is not ten off it
            _same(case, _grades(before), _grades(more))
        strikes = [row["event_id"] for row in case.world["events"] if row["kind"] == "strike"]
        plainly = set(product(strikes, ("killed", "injured"), ("everyone",)))
        for key, grade in _grades(before).items():
            now = _grades(witnessed)[key]
            if grade in ranks and case.figure > 0:
                _hold(case, ranks[now] >= ranks[grade], (key, grade, now))
            denied = case.figure == 0 and key in plainly
            _hold(case, grade != "contested" or now == grade, (key, grade, now))
            _hold(case, not denied or now in ("contested", "discounted"), (key, grade, now))


@SETTINGS
@properties
def test_the_toll_only_widens(ledger: Ledger, cases: list[Case]) -> None:
    """In the order in which it was told the lowest so far never rises, the highest never falls."""
    told = ledger.compare(cases, [as_it_is], "toll_over_time")
    for case, (views,) in zip(cases, told, strict=True):
        series = defaultdict(list)
        for row in sorted(views["toll_over_time"], key=lambda row: row["report_number"]):
            series[row["event_id"], row["outcome"]].append(row)
        for rows in series.values():
            _same(case, [row["report_number"] for row in rows], list(range(1, len(rows) + 1)))
            lowest = [r["lowest_so_far"] for r in rows if r["lowest_so_far"] is not None]
            highest = [r["highest_so_far"] for r in rows if r["highest_so_far"] is not None]
            _same(case, sorted(lowest, reverse=True), lowest)
            _same(case, sorted(highest), highest)
            _hold(case, all(a <= b for a, b in zip(lowest, highest, strict=True)), rows)


# --- a broken rule is noticed ---------------------------------------------------------------


class Broken(NamedTuple):
    """A model with a rule replaced, and the property that the other rule breaks."""

    noticed_by: Callable
    model: str
    rule: str
    by: str


BROKEN = {
    "a vague word lowers low": Broken(
        test_an_unknown_stays_unknown,
        "int_harm_estimates",
        "min(case when figure is not null then low end)",
        "min(low)",
    ),
    "a withdrawn report stands": Broken(
        test_a_withdrawn_report_changes_nothing,
        "int_casualties_standing",
        "when statements.withdrawn_date is not null then 'withdrawn'",
        "",
    ),
    "a copyist is a witness": Broken(
        test_a_copy_never_changes_an_estimate,
        "int_statement_witnesses",
        "when is_own_voice = 1 and is_second_hand then 0",
        "",
    ),
    "not stated is men": Broken(
        test_a_group_is_told_by_its_own_words,
        "int_casualty_groups",
        "counted.age_group = 'adult' and counted.sex = 'male'",
        "counted.age_group <> 'child' and counted.sex <> 'female'",
    ),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_the_properties_notice_a_broken_rule(models: Models, broken: Broken) -> None:
    """A property that no fault could break would be no test."""
    ledger = Ledger(models, broken.model, broken.rule, broken.by)

    @SETTINGS
    @properties
    def search(cases: list[Case]) -> None:
        broken.noticed_by.hypothesis.inner_test(ledger, cases)

    with pytest.raises(AssertionError):
        search()
