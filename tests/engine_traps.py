"""Where engines differ: queries that must bring back the same rows from each of them.

Each trap is a model over one small seed, both built with the project's own macros, in a project of
their own that is written into a temporary folder. tests/test_engines.py builds it on DuckDB and
PostgreSQL, tests/spark.py on Spark.
"""

import csv
import hashlib
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from cells import plain

from strike_ledger.declarations import PROJECT

TYPES = {
    "row_id": "integer",
    "word": "string",
    "from_day": "date",
    "to_day": "date",
    "clock": "string",
    "n": "integer",
    "amount": "numeric(18,3)",
    "flag": "boolean",
}

# In the nights before 11 March and 4 November 2024 clocks in New York were set; in UTC none was.
CELLS = [
    (1, "b", date(2024, 3, 9), date(2024, 3, 11), "09:30", 59, Decimal("16777217.001"), True),
    (2, "B", date(2024, 11, 3), date(2024, 11, 5), "23:59", 61, Decimal("0.500"), False),
    (3, "é", date(2024, 2, 29), date(2024, 2, 28), "00:00", -61, None, True),
    (4, 'it\'s "Erbil"', None, date(2024, 1, 15), None, 60, None, None),
    (5, "back\\slash \\n \\' \\", date(2024, 1, 15), None, None, None, None, None),
    (6, "None", date(2024, 1, 15), date(2024, 1, 15), None, 0, Decimal("-1.250"), False),
    (7, None, date(2024, 1, 15), date(2024, 1, 16), "12:00", 5, None, True),
    (8, "b", date(2024, 1, 15), date(2024, 1, 15), "12:00", 5, Decimal("2.500"), None),
    (9, "09:30", None, None, None, None, None, None),
    (10, "٠٩:٣٠", None, None, None, None, None, None),
    (11, "09:30\n", None, None, None, None, None, None),
    (12, "at 09:30", None, None, None, None, None, None),
    (13, "100%s {braces} -- ; b ", None, None, None, None, None, None),
]
_WORDS = sorted({row[1] for row in CELLS if row[1] is not None}, key=str.encode)


class Trap(NamedTuple):
    """What engines make of a thing, a query that keeps them in step, and the rows it must give."""

    difference: str
    query: str
    rows: list[tuple]


def _written(cell: Any) -> str:
    """Write a cell into the CSV of the seed: nothing for NULL, true and false in small letters."""
    if cell is None:
        return ""
    return str(cell).lower() if isinstance(cell, bool) else str(cell)


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _hash() -> str:
    """Give the hash of the cells as the view `about` words it, without any engine."""
    rows = {
        _md5("|".join("-" if cell is None else f"={_written(cell)}" for cell in row))
        for row in CELLS
    }
    return _md5("; ".join(sorted(rows)))


TRAPS = {
    "lists_in_order": Trap(
        "Spark's listagg keeps no order; PostgreSQL sorts by the language of its database",
        "select {{ list_of('word') }} as listed from cells",
        [("; ".join(_WORDS),)],
    ),
    "list_of_nothing": Trap(
        "Spark joins an empty list into an empty text, the others give NULL",
        "select {{ list_of('case when row_id < 0 then word end') }} as listed from cells",
        [(None,)],
    ),
    "texts_by_their_bytes": Trap(
        "PostgreSQL sorts, and finds the least and the greatest, by the language of its database",
        "select min({{ bytewise('word') }}) as least, max({{ bytewise('word') }}) as greatest "
        "from cells",
        [(_WORDS[0], _WORDS[-1])],
    ),
    "unknown_comes_last": Trap(
        "Spark puts NULL first, PostgreSQL too where the order descends",
        "select row_id, row_number() over (order by n asc nulls last, row_id asc) as upward, "
        "row_number() over (order by n desc nulls last, row_id asc) as downward "
        "from cells where row_id in (1, 2, 5)",
        [(1, 1, 2), (2, 2, 1), (5, 3, 3)],
    ),
    "days": Trap(
        "a date less a date is an interval on Spark, and a number elsewhere",
        "select row_id, {{ days_between('from_day', 'to_day') }} as days from cells "
        "where row_id < 8",
        [(1, 2), (2, 2), (3, -1), (4, None), (5, None), (6, 0), (7, 1)],
    ),
    "minutes": Trap(
        "a timestamp of Spark is an instant by the clock of its session, which may be set",
        "select row_id, {{ minutes_between('cast(from_day as timestamp)', "
        "plus_minutes('cast(to_day as timestamp)', 'n')) }} as minutes "
        "from cells where row_id < 8",
        [(1, 2939), (2, 2941), (3, -1501), (4, None), (5, None), (6, 0), (7, 1445)],
    ),
    "instants": Trap(
        "as for minutes; a text is cut and cast alike only where it has a clock's form",
        "select row_id, {{ minutes_between(utc_from('from_day', 'clock', 'n'), "
        "utc_until('to_day', 'clock', 'n')) }} as minutes "
        "from cells where row_id < 4",
        [(1, 2881), (2, 2881), (3, -1439)],
    ),
    "hours": Trap(
        "dbt's difference in hours is rounded up on Spark; cast to a whole number, 2.75 is 2 there "
        "and 3 elsewhere",
        "select row_id, cast(floor(n / 60.0) as integer) as full_hours, "
        "cast(ceil(n / 60.0) as integer) as begun from cells where row_id < 8",
        [(1, 0, 1), (2, 1, 2), (3, -2, -1), (4, 1, 1), (5, None, None), (6, 0, 0), (7, 0, 1)],
    ),
    "months": Trap(
        "the first of a month is an instant by the clock of the session on Spark and PostgreSQL",
        "select row_id, cast({{ dbt.date_trunc('month', 'from_day') }} as date) as month_date "
        "from cells where row_id in (1, 2, 4)",
        [(1, date(2024, 3, 1)), (2, date(2024, 11, 1)), (4, None)],
    ),
    "distances": Trap(
        "a whole number divided by another is cut to a whole number on PostgreSQL",
        "select cast({{ km_between('erbil', 'panjgur') }} as numeric(9, 3)) as km "
        "from (select 36.191 as latitude, 44.009 as longitude) as erbil cross join "
        "(select 26.96 as latitude, 64.09 as longitude) as panjgur",
        [(Decimal("2155.327"),)],
    ),
    "rounded": Trap(
        "a half is rounded away from zero, in decimals; in floating numbers that is not agreed",
        "select row_id, round(amount, 1) as tenths, round(amount, 0) as whole from cells "
        "where row_id in (2, 6, 8)",
        [
            (2, Decimal("0.5"), 1),
            (6, Decimal("-1.3"), -1),
            (8, Decimal("2.5"), 3),
        ],
    ),
    "patterns": Trap(
        "an end of text comes before a last line end, foreign digits are digits, and Spark drops a "
        "backslash",
        "select row_id from cells where {{ fits('word', '\\\\d\\\\d:\\\\d\\\\d') }}",
        [(9,)],
    ),
    "joined_texts": Trap(
        "concat with NULL is NULL on Spark; the others leave NULL out",
        "select row_id, word || ', ' || clock as piped, "
        "concat_ws('', word, ', ', clock) as joined, "
        "concat(coalesce(word, ''), ', ', coalesce(clock, '')) as glued "
        "from cells where row_id in (1, 6, 7)",
        [
            (1, "b, 09:30", "b, 09:30", "b, 09:30"),
            (6, None, "None, ", "None, "),
            (7, None, ", 12:00", ", 12:00"),
        ],
    ),
    "apostrophes": Trap(
        "an apostrophe is written twice; Spark also reads a backslash, which the others do not",
        "select row_id from cells where word = 'it''s \"Erbil\"'",
        [(4,)],
    ),
    "first_letter": Trap(
        "where PostgreSQL sorts by bytes it knows no capital of é",
        "select {{ worded_answer('word', 'clock') }} as worded from cells where row_id in (1, 3)",
        [("B: 09:30.",), ("É: 00:00.",)],
    ),
    "equal_texts": Trap(
        "texts are equal byte by byte: b is not B, nor b with a blank after it",
        "select row_id from cells where word in ('b', 'B ', 'NONE')",
        [(1,), (8,)],
    ),
    "unknown_members": Trap(
        "NULL in a list makes `not in` unknown, never true, on all three",
        "select row_id from cells where word not in (select word from cells where row_id > 6) "
        "union all "
        "select row_id from cells where not (word in ('b', 'B')) and row_id < 9",
        [(3,), (4,), (5,), (6,)],
    ),
    "unknown_values": Trap(
        "greatest and least pass over NULL on all three",
        "select row_id, greatest(n, 3) as most, least(n, 3) as fewest, "
        "n is not distinct from 5 as is_five from cells where row_id in (5, 6, 7)",
        [(5, 3, 3, False), (6, 3, 0, False), (7, 5, 3, True)],
    ),
    "rows_alike": Trap(
        "NULL is one value to `union distinct` and none to `count(distinct)`, on all three",
        "select count(*) as n_rows, count(distinct word) as n_words "
        "from (select word from cells union distinct select word from cells) as words",
        [(len(_WORDS) + 1, len(_WORDS))],
    ),
    "sums": Trap(
        "a sum of whole numbers is a HUGEINT on DuckDB, and a DOUBLE in Parquet",
        "select cast(sum(n) as bigint) as n, sum(amount) as amount, "
        "cast(sum(case when row_id < 0 then n end) as bigint) as nothing from cells",
        [(129, Decimal("16777218.751"), None)],
    ),
    "truth_values": Trap(
        "a truth value is written true or false, on all three",
        "select row_id, cast(flag as {{ dbt.type_string() }}) as flag from cells "
        "where row_id in (1, 4, 6)",
        [(1, "true"), (4, None), (6, "false")],
    ),
    "hashes": Trap(
        "dates, decimals, truth values and lists are written alike, since a hash is made of them",
        "select {{ hash_of_rows('cells') }} as content_hash from {{ ref('cells') }}",
        [(_hash(),)],
    ),
}


def write_project(folder: Path) -> None:
    """Write a project of the traps, with the macros of the real one, into a new folder."""
    (folder / "seeds").mkdir(parents=True)
    (folder / "models").mkdir()
    shutil.copytree(PROJECT / "macros", folder / "macros")
    real = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    own = {
        "name": real["name"],
        "profile": real["profile"],
        "vars": real["vars"],
        "flags": real["flags"],
        "seeds": {real["name"]: {**real["seeds"][real["name"]], "+column_types": TYPES}},
        "models": {real["name"]: {"+materialized": "view", "+schema": "traps"}},
    }
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(own, sort_keys=False), encoding="utf-8")
    with (folder / "seeds/cells.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(TYPES)
        writer.writerows(map(_written, row) for row in CELLS)
    for name, trap in TRAPS.items():
        cells = "" if "ref(" in trap.query else "with cells as (select * from {{ ref('cells') }}) "
        (folder / f"models/{name}.sql").write_text(cells + trap.query, encoding="utf-8")


def as_table() -> str:
    """Give the traps as a table in Markdown: the name of each, and what engines make of it."""
    lines = [f"| `{name}` | {trap.difference} |\n" for name, trap in TRAPS.items()]
    return "".join(["| trap | what engines make of it |\n|---|---|\n", *lines])


def differences(ask: Callable[[str], Sequence[Sequence[Any]]]) -> Iterator[str]:
    """Tell of each trap whose rows are not those expected; `ask` answers a query."""
    places = {"record.cells": CELLS} | {f"traps.{name}": trap.rows for name, trap in TRAPS.items()}
    for relation, expected in places.items():
        found = Counter(tuple(map(plain, row)) for row in ask(f"select * from {relation}"))
        wanted = Counter(tuple(map(plain, row)) for row in expected)
        if found != wanted:
            yield f"{relation}: {list(found - wanted)} instead of {list(wanted - found)}"
