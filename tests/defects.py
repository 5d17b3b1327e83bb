"""Defects planted in the record, one at a time, and whether they are caught and where.

`python tests/defects.py` (make defects) damages the real record in every way it knows: each table
with each kind of damage, in columns and rows drawn from a fixed seed. It runs the check, and on
what the check lets through the models and the tests of the data; it prints a table and writes it
to defects.json. With kinds behind it, it runs these again and takes the others from that file. Two
lists were fixed beforehand: the kinds that must be caught, and those that nobody can know from the
data alone, which are counted apart.
"""

import csv
import functools
import hashlib
import json
import os
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import duckdb
import test_checks
from conftest import Copy, Record, Row, build_copy
from readme import as_markdown

from models import Models
from strike_ledger.checks import MAX_LINE_CHARACTERS, Finding
from strike_ledger.declarations import PROJECT, RECORD, VOCABULARY, Column, Table, loaded_tables

SEED = 20240116
RESULT = Path(__file__).with_name("defects.json")
DECLARED = loaded_tables()
PER_KIND = 3  # columns, or rows, of one table that one kind of damage is planted in
BYTE = "\ue000"  # stands in a cell for a byte that no text has

# What is in order as far as anybody can tell from the data, and what would be needed to know it.
UNKNOWABLE = {
    "another plausible number": "the passage itself, read by a second coder",
    "another day": "the passage itself, read by a second coder",
    "another code of the list": "the passage itself, read by a second coder",
    "another row referred to": "the passage itself, read by a second coder",
    "two free texts exchanged": "the passage itself, read by a second coder",
    "two columns of one kind exchanged": "the passages themselves, or the build before",
    "cut at a line end": "row counts or hashes of the build before: strike-ledger diff",
    "header only, and no row named elsewhere": "row counts or hashes of the build before",
    "a row lost that no other names": "row counts or hashes of the build before, as for a cut",
    "a row entered twice under two keys": "the passage itself, read by a second coder",
}

# Kinds that any file, and any text in it, can be damaged with.
EVERYWHERE = {
    "BOM", "CR line ends", "CRLF line ends", "Latin-1 byte", "NUL", "UTF-16",
    "bidirectional override", "blank after", "blank before", "blank line", "carriage return",
    "cell too few", "cell too many", "column twice", "cut at a line end", "duplicate key",
    "embedded newline", "empty file", "empty where a value is needed", "extra column",
    "formula", "huge cell", "letters apart from their accents", "link instead of a file",
    "markup", "missing column", "missing file", "misspelt column", "other separator",
    "reordered columns", "reordered header", "stray file", "truncated within a line",
    "unbalanced quote", "word for nothing", "zero-width space",
}  # fmt: skip

Places = set[tuple[str, int, str]]


class Defect(NamedTuple):
    """A defect: its kind, the table and column it is planted in, and how.

    `plant` gives the places of which one must be told: file, line and column. Line or column is
    None where any will do, as for a file that lies in pieces all over.
    """

    kind: str
    table: str
    column: str
    plant: Callable[[Record, random.Random], Places]

    @property
    def name(self) -> str:
        """What is planted where, in words; the seed of what is drawn for it."""
        return f"{self.kind}: {self.table}.{self.column}".removesuffix(".")


class Outcome(NamedTuple):
    """What became of a defect: `caught` is check, build or nowhere."""

    name: str
    kind: str
    caught: str
    in_place: bool
    told: str


# --- damage to cells ------------------------------------------------------------------------


def _at(table: str, line: int, column: str) -> Places:
    return {(DECLARED[table].file, line, column)}


def _draw(r: Record, table: str, rng: random.Random, suits: Callable[[Row], object]) -> int | None:
    lines = [line for line, row in r.rows(table).items() if suits(row)]
    return rng.choice(lines) if lines else None


def _cell(
    table: str, column: str, spoil: Callable[[str], str], *, told_as: str | None = None
) -> Callable:
    """Spoil one cell: a filled one where there is one, else an empty one."""

    def plant(r: Record, rng: random.Random) -> Places:
        line = _draw(r, table, rng, lambda row: row[column]) or _draw(r, table, rng, lambda _: True)
        r.set(table, line, **{column: spoil(r.rows(table)[line][column])})
        return _at(table, line, told_as or column)

    return plant


def _byte(table: str, column: str, byte: bytes) -> Callable:
    """Put a byte that no text has into a cell."""

    def plant(r: Record, rng: random.Random) -> Places:
        places = _cell(table, column, lambda old: BYTE + old)(r, rng)
        path = r.path(table)
        path.write_bytes(path.read_bytes().replace(BYTE.encode(), byte))
        return places

    return plant


ALIKE = str.maketrans(
    "aeopc",
    "\N{CYRILLIC SMALL LETTER A}\N{CYRILLIC SMALL LETTER IE}\N{CYRILLIC SMALL LETTER O}"
    "\N{CYRILLIC SMALL LETTER ER}\N{CYRILLIC SMALL LETTER ES}",
)


def _alike(old: str) -> str:
    """Put letters of another script in place of those that look like them, or behind."""
    new = old.translate(ALIKE)
    return new if new != old else f"{old}\N{CYRILLIC SMALL LETTER A}"


TEXTS: dict[str, Callable[[str], str]] = {
    "blank before": lambda old: f" {old or 'x'}",
    "blank after": lambda old: f"{old or 'x'}\N{NO-BREAK SPACE}",
    "word for nothing": lambda _: "N/A",
    "embedded newline": lambda old: f"{old[:3]}\n{old[3:]}",
    "carriage return": lambda old: f"{old[:3]}\r{old[3:]}",
    "NUL": lambda old: f"{old[:3]}\0{old[3:]}",
    "bidirectional override": lambda old: f"{old[:3]}\N{RIGHT-TO-LEFT OVERRIDE}{old[3:]}",
    "zero-width space": lambda old: f"{old[:3]}\N{ZERO WIDTH SPACE}{old[3:]}",
    "formula": lambda old: f"=HYPERLINK({old[:3]})",
    "markup": lambda old: f"{old}<script>",
    "letters apart from their accents": lambda old: f"{old}e\N{COMBINING ACUTE ACCENT}",
}
WRONG_TYPES = {
    "integer": ["many", "7.5", "1,000", "0x10", "\N{ARABIC-INDIC DIGIT SEVEN}"],
    "numeric": ["36,19", "36.19N", "1e1", "NaN"],
    "date": ["16/01/2024", "2024-02-30", "January 2024", "2024-1-16", "20240116"],
    "boolean": ["yes", "True", "1"],
}


def _wrong_type(column: Column, rng: random.Random) -> str:
    return rng.choice(WRONG_TYPES[column.base_type])


def _out_of_range(column: Column, rng: random.Random) -> str:
    if column.base_type == "date":
        return rng.choice(["1024-01-16", "2924-01-16"])
    limits = [column.minimum - 1] if column.minimum is not None else []
    limits += [column.maximum + 1] if column.maximum is not None else []
    return str(rng.choice(limits))


def _is_id(column: Column) -> bool:
    return bool(column.pattern and "_[a-z" in column.pattern) or column.references is not None


def _of_cells(table: Table) -> Iterator[Defect]:
    """Damage each column in each way that it can be."""

    def defect(kind: str, column: Column, plant: Callable) -> Defect:
        return Defect(kind, table.name, column.name, plant)

    for column in table.columns:
        spoiled = functools.partial(_cell, table.name, column.name)
        if column.base_type != "string":
            yield defect("wrong type", column, _drawn(table, column, _wrong_type))
        if column.base_type == "date" or (column.minimum, column.maximum) != (None, None):
            yield defect("out of range", column, _drawn(table, column, _out_of_range))
        if column.required:
            yield defect("empty where a value is needed", column, spoiled(lambda _: ""))
        if column.code_list:
            yield defect("unknown code", column, spoiled(lambda old: f"{old}x"))
        if column.references or column.references_table_in:
            yield defect("dangling reference", column, spoiled(lambda old: f"{old}q"))
        if column.pattern:
            yield defect("another form", column, spoiled(lambda old: f"{old or 'x'} X"))
        if _is_id(column):
            yield defect("look-alike letters in an id", column, spoiled(_alike))
        if column.base_type == "string":
            for kind, spoil in TEXTS.items():
                yield defect(kind, column, spoiled(spoil))
        yield defect("Latin-1 byte", column, _byte(table.name, column.name, b"\xe9"))
        yield defect("unbalanced quote", column, _byte(table.name, column.name, b'"'))
        huge = spoiled(lambda old: "x" * (MAX_LINE_CHARACTERS + 1), told_as="(line)")
        yield defect("huge cell", column, huge)


def _drawn(table: Table, column: Column, value: Callable) -> Callable:
    """Put a value that is drawn into a cell."""
    return lambda r, rng: _cell(table.name, column.name, lambda _: value(column, rng))(r, rng)


# --- damage to lines and files --------------------------------------------------------------


def _bytes(table: str, line: int | None, column: str, spoil: Callable[[bytes], bytes]) -> Callable:
    """Spoil a file as bytes; `line` None is its last."""

    def plant(r: Record, rng: random.Random) -> Places:
        path = r.path(table)
        content = spoil(path.read_bytes())
        path.write_bytes(content)
        return _at(table, content.count(b"\n") + 1 if line is None else line, column)

    return plant


def _row(table: str, spoil: Callable[[bytes], bytes], shift: int = 0) -> Callable:
    """Spoil one line of a file, below its header."""

    def plant(r: Record, rng: random.Random) -> Places:
        path = r.path(table)
        lines = path.read_bytes().split(b"\n")
        number = rng.randrange(1, len(lines) - 1)
        lines[number] = spoil(lines[number])
        path.write_bytes(b"\n".join(lines))
        return _at(table, number + 1 + shift, "(line)")

    return plant


def _header(table: Table, columns: list[str], told: str) -> Callable:
    """Give a file another header."""
    line = ",".join(columns).encode()
    return _bytes(table.name, 1, told, lambda old: line + b"\n" + old.split(b"\n", 1)[1])


def _cut(table: str) -> Callable:
    """Cut a file within a line, a cell or a letter."""

    def plant(r: Record, rng: random.Random) -> Places:
        path = r.path(table)
        content = path.read_bytes()
        body = content.index(b"\n") + 1
        ends = [n for n in range(body + 1, len(content)) if content[n - 1 : n] != b"\n"]
        return _bytes(table, None, "(file)", lambda old: old[: rng.choice(ends)])(r, rng)

    return plant


def _unlink(table: str) -> Callable:
    def plant(r: Record, rng: random.Random) -> Places:
        r.path(table).unlink()
        return _at(table, 0, "(file)")

    return plant


def _link(table: str) -> Callable:
    def plant(r: Record, rng: random.Random) -> Places:
        path = r.path(table)
        path.rename(path.with_suffix(".old"))
        path.symlink_to(path.with_suffix(".old"))
        return _at(table, 0, "(file)")

    return plant


def _stray(table: Table) -> Callable:
    def plant(r: Record, rng: random.Random) -> Places:
        stray = r.path(table.name).with_name(f"{table.name}_2.csv")
        shutil.copyfile(r.path(table.name), stray)
        return {(f"{table.folder}/{stray.name}", 0, "(file)")}

    return plant


def _rearranged(table: Table) -> Callable:
    """Move the last column to the front, header and cells alike."""

    def plant(r: Record, rng: random.Random) -> Places:
        path = r.path(table.name)
        with path.open(encoding="utf-8", newline="") as file:
            rows = [[row[-1], *row[:-1]] for row in csv.reader(file)]
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
        return _at(table.name, 1, table.column_names[-1])

    return plant


def _semicolons(table: Table) -> Callable:
    """Separate cells as some spreadsheets do."""

    def plant(r: Record, rng: random.Random) -> Places:
        path = r.path(table.name)
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";", lineterminator="\n").writerows(rows)
        return _at(table.name, 1, ";".join(table.column_names))

    return plant


def _of_files(table: Table) -> Iterator[Defect]:
    """Damage a file, its header and its lines in each way that they can be."""
    name, columns = table.name, table.column_names
    for column in columns:
        others = [other for other in columns if other != column]
        yield Defect("missing column", name, column, _header(table, others, column))
        misspelt = [f"{other}s" if other == column else other for other in columns]
        yield Defect("misspelt column", name, column, _header(table, misspelt, f"{column}s"))
        yield Defect("column twice", name, column, _header(table, [*columns, column], column))
    whole: dict[str, Callable] = {
        "extra column": _header(table, [*columns, "colour"], "colour"),
        "reordered header": _header(table, columns[::-1], columns[-1]),
        "reordered columns": _rearranged(table),
        "other separator": _semicolons(table),
        "empty file": _bytes(name, 1, "(file)", lambda _: b""),
        "BOM": _bytes(name, 1, "(file)", lambda old: b"\xef\xbb\xbf" + old),
        "UTF-16": _bytes(name, 1, "(file)", lambda old: old.decode().encode("utf-16")),
        "CRLF line ends": _bytes(name, 1, "(file)", lambda old: old.replace(b"\n", b"\r\n")),
        "CR line ends": _bytes(name, 1, "(file)", lambda old: old.replace(b"\n", b"\r")),
        "missing file": _unlink(name),
        "link instead of a file": _link(name),
        "stray file": _stray(table),
        "truncated within a line": _cut(name),
        "blank line": _row(name, lambda old: b"\n" + old),
        "cell too many": _row(name, lambda old: old + b",x"),
        "cell too few": _row(name, lambda old: old[old.index(b",") + 1 :]),
    }
    for kind, plant in whole.items():
        yield Defect(kind, name, "", plant)


# --- damage to what rows mean ---------------------------------------------------------------


def _signature(column: Column) -> tuple:
    """Give what a cell of the column may be, but for being empty."""
    return column.base_type, column.pattern, column.code_list, column.references


def _swapped(table: str, one: str, other: str) -> Callable:
    """Exchange two columns below the header."""

    def plant(r: Record, rng: random.Random) -> Places:
        rows = r.rows(table)
        for row in rows.values():
            row[one], row[other] = row[other], row[one]
        r.write(table, rows.values())
        return {(DECLARED[table].file, None, column) for column in (one, other)}

    return plant


def _pairs(table: Table) -> Iterator[tuple[Column, Column]]:
    return zip(table.columns, table.columns[1:], strict=False)


def _bounds(table: Table) -> Iterator[tuple[str, str]]:
    """Give the pairs of columns of which the first may not be above the second."""
    for low in table.column_names:
        for start, end in (("from_date", "to_date"), ("_low", "_high")):
            if (
                low.endswith(start)
                and (high := low.removesuffix(start) + end) in table.column_names
            ):
                yield low, high


def _crossed(table: str, low: str, high: str) -> Callable:
    """Put the lower bound of one row above the upper one."""

    def plant(r: Record, rng: random.Random) -> Places:
        line = _draw(r, table, rng, lambda row: row[low] and row[high])
        row = r.rows(table)[line]
        if DECLARED[table].column(low).base_type == "date":
            r.set(table, line, **{low: f"{int(row[high][:4]) + 1}{row[high][4:8]}01"})
        else:
            r.set(table, line, **{low: str(int(float(row[high])) + 1)})
        return _at(table, line, low)

    return plant


def _circle(table: Table, column: str) -> Callable:
    """Let a row lead to one that leads to it, or to itself."""
    (key,) = table.primary_key

    def plant(r: Record, rng: random.Random) -> Places:
        line = _draw(r, table.name, rng, lambda row: row[column])
        if line is None:
            line = _draw(r, table.name, rng, lambda _: True)
            r.set(table.name, line, **{column: r.rows(table.name)[line][key]})
            return _at(table.name, line, column)
        row = r.rows(table.name)[line]
        parent, _ = r.find(table.name, lambda other: other[key] == row[column])
        r.set(table.name, parent, **{column: row[key]})
        return _at(table.name, line, column) | _at(table.name, parent, column)

    return plant


def _uncited(table: str) -> Callable:
    """Take away all citations of one row."""
    (key,) = DECLARED[table].primary_key

    def plant(r: Record, rng: random.Random) -> Places:
        line = _draw(r, table, rng, lambda _: True)
        cited = (table, r.rows(table)[line][key])
        r.remove("citations", lambda row: (row["cited_table"], row["cited_id"]) == cited)
        return _at(table, line, key)

    return plant


def _part(column: str, told_as: str, value: Callable[[Record, Row], str]) -> Callable:
    """Spoil a part of a number of people hurt."""

    def plant(r: Record, rng: random.Random) -> Places:
        bounding = {q["code"] for q in r.rows("qualifiers").values() if q["bounds_above"] == "true"}
        line = _draw(
            r,
            "casualties",
            rng,
            lambda row: row["part_of_id"] and _whole_of(r, row)["qualifier"] in bounding,
        )
        changed = {column: value(r, r.rows("casualties")[line])}
        if column == "figure_low":
            changed |= {"figure_high": changed[column], "qualifier": "exactly"}
        r.set("casualties", line, **changed)
        return _at("casualties", line, told_as)

    return plant


def _whole_of(r: Record, row: Row) -> Row:
    return r.find("casualties", lambda other: other["casualty_id"] == row["part_of_id"])[1]


def _of_another(column: str, table: str) -> Callable[[Record, Row], str]:
    return lambda r, row: test_checks.of_another(r, table, column, row[column])


def _office(r: Record, rng: random.Random) -> Places:
    """Let a statement be made in an office that was left long before."""
    line = _draw(
        r, "statements", rng, lambda row: row["claimant_office_id"] and row["said_to_date"]
    )
    office = r.rows("statements")[line]["claimant_office_id"]
    held, _ = r.find("actor_relations", lambda row: row["relation_id"] == office)
    r.set("actor_relations", held, from_date="", to_date="1999-12-31")
    return _at("statements", line, "claimant_office_id")


def _dated_events(r: Record) -> set[str]:
    return {p["event_id"] for p in r.rows("propositions").values() if p["topic"] == "date"}


EARLY = "1980-01-01"


def _early_response(r: Record, rng: random.Random) -> Places:
    """Date a response long before the event that it answers."""
    dated = _dated_events(r)
    answers = {
        a["response_id"] for a in r.rows("response_events").values() if a["event_id"] in dated
    }
    line = _draw(
        r,
        "response_states",
        rng,
        lambda s: s["date_precision"] == "day" and s["response_id"] in answers,
    )
    r.set("response_states", line, from_date=EARLY, to_date=EARLY)
    return _at("response_states", line, "to_date")


def _early_report(table: str) -> Callable:
    """Date a statement long before the event of which it tells."""

    def plant(r: Record, rng: random.Random) -> Places:
        dated = _dated_events(r)
        said = {
            s["statement_id"]
            for s in r.rows("statements").values()
            if s["said_date_precision"] == "day"
        }
        line = _draw(
            r, table, rng, lambda row: row["event_id"] in dated and row["statement_id"] in said
        )
        statement = r.rows(table)[line]["statement_id"]
        where, _ = r.find("statements", lambda row: row["statement_id"] == statement)
        r.set("statements", where, said_from_date=EARLY, said_to_date=EARLY)
        return _at(table, line, "statement_id")

    return plant


def _late_statement(r: Record, rng: random.Random) -> Places:
    """Date a statement after the documents that print it."""
    printed = {
        p["passage_id"]
        for p in r.rows("passages").values()
        for s in r.rows("sources").values()
        if p["source_id"] == s["source_id"] and s["published_to_date"]
    }
    cited = {
        c["cited_id"]
        for c in r.rows("citations").values()
        if c["cited_table"] == "statements" and c["passage_id"] in printed
    }
    line = _draw(
        r,
        "statements",
        rng,
        lambda row: row["said_date_precision"] == "day" and row["statement_id"] in cited,
    )
    r.set("statements", line, said_from_date="2031-01-01", said_to_date="2031-01-01")
    return _at("statements", line, "said_from_date")


def _off_country(point: Callable[[random.Random], tuple[float, float]]) -> Callable:
    """Put a place outside its country."""

    def plant(r: Record, rng: random.Random) -> Places:
        line = _draw(
            r, "locations", rng, lambda row: row["country"] in ("IRQ", "IRN", "PAK", "SYR")
        )
        latitude, longitude = point(rng)
        _, passage = r.find("passages")
        r.set(
            "locations",
            line,
            latitude=f"{latitude:.4f}",
            longitude=f"{longitude:.4f}",
            coordinate_precision="exact",
            coordinate_passage_id=passage["passage_id"],
        )
        return _at("locations", line, "latitude") | _at("locations", line, "longitude")

    return plant


def _references_to(r: Record, table: str, *keys: str) -> Places:
    """Give the cells of other rows that name one of some rows."""
    return {
        (declared.file, line, column.name)
        for declared in DECLARED.values()
        for column in declared.columns
        if (column.target or ("",))[0] == table or column.references_table_in
        for line, row in r.rows(declared.name).items()
        if row[column.name] in keys and row.get(column.references_table_in or "", table) == table
    }


def _lost(table: Table, *, named: bool) -> Callable:
    """Lose a row that other rows name, or one that none does."""
    key = table.primary_key[0]

    def plant(r: Record, rng: random.Random) -> Places:
        lines = list(r.rows(table.name).items())
        rng.shuffle(lines)
        for line, row in lines:
            single = len(table.primary_key) == 1
            places = _references_to(r, table.name, row[key]) if single else set()
            own = {place for place in places if place[:2] == (table.file, line)}
            if bool(places - own) == named:
                r.remove(table.name, lambda other, row=row: other == row)
                return _references_to(r, table.name, row[key]) if named else set()
        raise LookupError(f"no row of {table.name} suits")

    return plant


def _emptied(table: Table, *, named: bool) -> Callable:
    """Lose all rows of a table that other tables name, or of one that none does."""

    def plant(r: Record, rng: random.Random) -> Places:
        key = table.primary_key[0]
        keys = [row[key] for row in r.rows(table.name).values()]
        single = len(table.primary_key) == 1
        places = _references_to(r, table.name, *keys) if single else set()
        places = {place for place in places if place[0] != table.file}
        if bool(places) != named:
            raise LookupError(f"other tables name {table.name}, or do not")
        r.write(table.name, [])
        return places

    return plant


def _twice(table: Table) -> Callable:
    """Enter a row a second time."""
    key = table.primary_key

    def plant(r: Record, rng: random.Random) -> Places:
        line = _draw(r, table.name, rng, lambda _: True)
        last = r.add(table.name, lambda row: row == r.rows(table.name)[line])
        return _at(table.name, last, key[0] if len(key) == 1 else f"({', '.join(key)})")

    return plant


def _of_rows(table: Table) -> Iterator[Defect]:
    """Damage what the rows of any table mean."""
    name = table.name
    yield Defect("duplicate key", name, "", _twice(table))
    for one, other in _pairs(table):
        if _signature(one) != _signature(other):
            plant = _swapped(name, one.name, other.name)
            yield Defect("swapped columns", name, f"{one.name}, {other.name}", plant)
    for low, high in _bounds(table):
        kind = "end before start" if low.endswith("date") else "low above high"
        yield Defect(kind, name, low, _crossed(name, low, high))
    for column in table.columns:
        if column.acyclic is True:
            yield Defect("circle", name, column.name, _circle(table, column.name))
    if table.folder == RECORD and len(table.primary_key) == 1:
        yield Defect("a row lost that others name", name, "", _lost(table, named=True))


def _of_the_record() -> Iterator[Defect]:
    """Damage what only certain tables of the record mean."""
    for _ in range(PER_KIND):
        for table in ("events", "responses", "statements"):
            yield Defect("no citation", table, "", _uncited(table))
        more = _part("figure_low", "figure_high", lambda r, row: _above(_whole_of(r, row)))
        yield Defect("part greater than its total", "casualties", "figure_high", more)
        for column, table in (("event_id", "events"), ("statement_id", "statements")):
            plant = _part(column, "part_of_id", _of_another(column, table))
            yield Defect("part of another strike or statement", "casualties", column, plant)
        yield Defect("office not held that day", "statements", "claimant_office_id", _office)
        yield Defect("response before its event", "response_states", "to_date", _early_response)
        for table in ("casualties", "damage", "munitions"):
            yield Defect("told before it happened", table, "statement_id", _early_report(table))
        yield Defect("said after it was printed", "statements", "said_from_date", _late_statement)
        for point in (
            lambda rng: (rng.uniform(44, 64), rng.uniform(25, 37)),
            lambda rng: (rng.uniform(-60, -30), rng.uniform(38, 78)),
            lambda rng: (0.0, 0.0),
        ):
            yield Defect(
                "coordinates off the country", "locations", "latitude", _off_country(point)
            )
    for plant in test_checks.RULES:
        yield Defect(f"rule of {plant.table}", plant.table, plant.column, _as_planted(plant))


def _above(whole: Row) -> str:
    return str(int(whole["figure_high"]) + 1)


def _as_planted(plant: test_checks.Plant) -> Callable:
    """Plant what breaks a declared rule, as the tests of the checker do."""

    def planted(r: Record, rng: random.Random) -> Places:
        edited = plant.edit(r)
        return _at(plant.table, edited[0] if isinstance(edited, tuple) else edited, plant.column)

    return planted


# --- what nobody can know from the data -----------------------------------------------------


def _is_free(column: Column) -> bool:
    return _signature(column) == ("string", None, None, None) and not column.references_table_in


def _another(table: str, column: str, known: Callable[[Record], Iterable[str]]) -> Callable:
    """Put another value into a cell that is as good as the old one for all that is known."""

    def plant(r: Record, rng: random.Random) -> Places:
        line = _draw(r, table, rng, lambda row: row[column])
        old = r.rows(table)[line][column]
        r.set(table, line, **{column: rng.choice([new for new in known(r) if new != old])})
        return set()

    return plant


def _codes(code_list: str) -> Callable[[Record], list[str]]:
    return lambda r: [c["code"] for c in r.rows("codes").values() if c["code_list"] == code_list]


def _keys(table: str, column: str) -> Callable[[Record], list[str]]:
    return lambda r: [row[column] for row in r.rows(table).values()]


def _exchanged(table: str, column: str) -> Callable:
    """Exchange the cells of two rows."""

    def plant(r: Record, rng: random.Random) -> Places:
        filled = {line: row[column] for line, row in r.rows(table).items() if row[column]}
        one = rng.choice(list(filled))
        other = rng.choice([line for line, cell in filled.items() if cell != filled[one]])
        r.set(table, one, **{column: filled[other]})
        r.set(table, other, **{column: filled[one]})
        return set()

    return plant


def _more(table: str) -> Callable:
    """Count one more where an exact number stands."""

    def plant(r: Record, rng: random.Random) -> Places:
        line = _draw(
            r, table, rng, lambda row: row["qualifier"] == "exactly" and not row.get("part_of_id")
        )
        figure = str(int(r.rows(table)[line]["figure_low"]) + 1)
        r.set(table, line, figure_low=figure, figure_high=figure)
        return set()

    return plant


def _day_after(table: str, start: str, end: str, precision: str) -> Callable:
    """Put a day one later, or earlier where the month ends."""

    def plant(r: Record, rng: random.Random) -> Places:
        line = _draw(r, table, rng, lambda row: row[precision] == "day")
        day = r.rows(table)[line][start]
        other = f"{day[:8]}{(int(day[8:]) % 28) + 1:02}"
        r.set(table, line, **{start: other, end: other})
        return set()

    return plant


def _shortened(table: str) -> Callable:
    """Cut a file at a line end."""

    def plant(r: Record, rng: random.Random) -> Places:
        lines = r.path(table).read_bytes().splitlines(keepends=True)
        r.path(table).write_bytes(b"".join(lines[: rng.randrange(1, len(lines))]))
        return set()

    return plant


def _under_another_key(table: Table) -> Callable:
    """Enter a row twice under two keys, with its citations."""
    (key,) = table.primary_key

    def plant(r: Record, rng: random.Random) -> Places:
        line = _draw(r, table.name, rng, lambda _: True)
        row = r.rows(table.name)[line]
        r.add(table.name, lambda other: other == row, **{key: f"{row[key]}_b"})
        for citation in list(r.rows("citations").values()):
            if (citation["cited_table"], citation["cited_id"]) == (table.name, row[key]):
                r.add("citations", lambda c, old=citation: c == old, cited_id=f"{row[key]}_b")
        return set()

    return plant


def _unknowable(table: Table) -> Iterator[Defect]:
    """Plant what is in order as far as anybody can tell from the data."""
    name = table.name
    for column in table.columns:
        another = None
        if column.code_list:
            another = _another(name, column.name, _codes(column.code_list))
            yield Defect("another code of the list", name, column.name, another)
        elif column.target and column.name not in table.primary_key:
            another = _another(name, column.name, _keys(*column.target))
            yield Defect("another row referred to", name, column.name, another)
        elif _is_free(column) and column.name not in table.primary_key:
            exchanged = _exchanged(name, column.name)
            yield Defect("two free texts exchanged", name, column.name, exchanged)
    for one, other in _pairs(table):
        if _signature(one) == _signature(other) and (one.name, other.name) not in _bounds(table):
            plant = _swapped(name, one.name, other.name)
            both = f"{one.name}, {other.name}"
            yield Defect("two columns of one kind exchanged", name, both, plant)
    yield Defect("cut at a line end", name, "", _shortened(name))
    yield Defect("a row lost that no other names", name, "", _lost(table, named=False))
    if table.folder == RECORD:
        if len(table.primary_key) == 1:
            plant = _under_another_key(table)
            yield Defect("a row entered twice under two keys", name, "", plant)
        if "figure_low" in table.column_names:
            yield Defect("another plausible number", name, "figure_low", _more(name))
        for precision in table.column_names:
            if precision.endswith("date_precision"):
                start = precision.replace("date_precision", "from_date")
                end = precision.replace("date_precision", "to_date")
                yield Defect("another day", name, start, _day_after(name, start, end, precision))


# --- the run --------------------------------------------------------------------------------


def all_defects() -> list[Defect]:
    """Give every defect of the whole run, the same each time."""
    drawn: list[Defect] = list(_of_the_record())
    for table in DECLARED.values():
        by_kind: dict[str, list[Defect]] = {}
        makers = (_of_cells, _of_files, _of_rows, _unknowable)
        for defect in (defect for maker in makers for defect in maker(table)):
            by_kind.setdefault(defect.kind, []).append(defect)
        for kind, defects in by_kind.items():
            rng = random.Random(f"{SEED} {table.name} {kind}")  # noqa: S311
            drawn += rng.sample(defects, min(PER_KIND, len(defects)))
    for table in DECLARED.values():
        drawn += [
            Defect("header only", table.name, "", _emptied(table, named=True)),
            Defect(
                "header only, and no row named elsewhere",
                table.name,
                "",
                _emptied(table, named=False),
            ),
        ]
    return drawn


class Bench:
    """A copy of the record in which one defect after another is planted."""

    def __init__(self, folder: Path, models: Models) -> None:
        """Copy the record, with one correction in it, since there may be none yet."""
        for name in (RECORD, VOCABULARY):
            shutil.copytree(PROJECT / name, folder / name)
        self._models = models
        self.record = Record(folder)
        test_checks.correct(self.record, test_checks.correction(self.record))
        self._whole = folder.with_suffix(".whole")
        shutil.copytree(folder, self._whole)
        self._defects = all_defects()

    def run(self, number: int) -> Outcome | None:
        """Plant a defect, check, build what the check lets through, and take it out again.

        None where the record has no row that such a defect could be planted in.
        """
        defect = self._defects[number]
        rng = random.Random(f"{SEED} {number} {defect.name}")  # noqa: S311
        try:
            places = defect.plant(self.record, rng)
            findings = self.record.check()
            caught = "check" if findings else "nowhere"
            if not findings and complains(self._models, self.record):
                caught = "build"
        except LookupError:
            return None
        finally:
            shutil.rmtree(self.record.folder)
            shutil.copytree(self._whole, self.record.folder)
        told = str(findings[0]) if findings else ""
        return Outcome(defect.name, defect.kind, caught, _in_place(findings, places), told)


def _in_place(findings: list[Finding], places: Places) -> bool:
    return any(
        finding.file == file and (line is None or finding.line == line) and finding.column == column
        for finding in findings
        for file, line, column in places
    )


def complains(models: Models, record: Record) -> bool:
    """Say whether the models or the tests of the data refuse what the check let through."""
    with models.connect() as connection:
        for table in DECLARED.values():
            types = {column.name: column.data_type for column in table.columns}
            connection.execute(
                f"create table {models.relation(table.name)} as select * from "
                "read_csv(?, header = true, columns = ?, nullstr = '', auto_detect = false, "
                "delim = ',', quote = '\"', escape = '\"')",
                [str(record.path(table.name)), types],
            )
        try:
            for name in models.in_order:
                models.create(connection, name)
            return any(connection.execute(sql).fetchall() for sql in models.data_tests)
        except duckdb.Error:
            return True


_bench: Bench


def _start(project: Path, folder: Path) -> None:
    global _bench  # noqa: PLW0603
    _bench = Bench(folder / str(os.getpid()), Models(Copy(project)))


def _one(number: int) -> Outcome | None:
    return _bench.run(number)


def run(numbers: list[int], project: Path, folder: Path) -> Iterator[Outcome | None]:
    """Run defects by their numbers, in as many processes as there are processors.

    `project` is a built copy of the project, `folder` a place for the copies of the record.
    """
    with ProcessPoolExecutor(initializer=_start, initargs=(project, folder)) as pool:
        for done, outcome in enumerate(pool.map(_one, numbers), start=1):
            if done % 100 == 0:
                print(f"{done} defects", file=sys.stderr, flush=True)
            yield outcome


def _hash_of(paths: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for path in sorted(paths):
        whole.update(f"{path.relative_to(PROJECT)}\n".encode() + path.read_bytes())
    return whole.hexdigest()


def inputs() -> dict[str, str]:
    """Give the hashes of what the figures depend on: what checks, what plants, and the record."""
    folders = [PROJECT / RECORD, PROJECT / VOCABULARY]
    checker = [PROJECT / "strike_ledger" / f"{name}.py" for name in ("checks", "declarations")]
    checker += [path for folder in folders for path in folder.glob("*.yml")]
    return {
        "checker": _hash_of([*checker, PROJECT / "macros/violations.sql"]),
        "harness": _hash_of([Path(__file__), Path(test_checks.__file__)]),
        "record": _hash_of(path for folder in folders for path in folder.glob("*.csv")),
    }


MUST, CANNOT = "kinds that must be caught", "kinds that cannot be known"


def summary(outcomes: list[Outcome], unplanted: Iterable[Defect]) -> dict:
    """Count outcomes by kind, those that must be caught and the others apart."""
    must = [outcome for outcome in outcomes if outcome.kind not in UNKNOWABLE]
    apart = [outcome for outcome in outcomes if outcome.kind in UNKNOWABLE]

    def counts(of: list[Outcome]) -> dict[str, int]:
        return {
            "planted": len(of),
            "caught before load": sum(o.caught == "check" for o in of),
            "caught in the build": sum(o.caught == "build" for o in of),
            "let through": sum(o.caught == "nowhere" for o in of),
            "told in place": sum(o.in_place for o in of),
        }

    def by_kind(of: list[Outcome]) -> dict[str, dict[str, int]]:
        kinds = sorted({o.kind for o in of})
        return {kind: counts([o for o in of if o.kind == kind]) for kind in kinds}

    return {
        MUST: by_kind(must),
        CANNOT: by_kind(apart),
        "let through": [o.name for o in must if o.caught == "nowhere"],
        "told elsewhere": [o.name for o in must if o.caught != "nowhere" and not o.in_place],
        "no row suits": [defect.name for defect in unplanted],
    }


def merged(old: dict, new: dict, kinds: set[str]) -> dict:
    """Give a result in which the kinds that were run again stand as they fared now."""
    result: dict = {"seed": SEED, "inputs": inputs()}
    for section in (MUST, CANNOT):
        result[section] = dict(sorted((old.get(section, {}) | new[section]).items()))
    for section in ("let through", "told elsewhere", "no row suits"):
        kept = [name for name in old.get(section, []) if name.partition(": ")[0] not in kinds]
        result[section] = sorted(kept + new[section])
    for total, section in (("must be caught", MUST), ("cannot be known", CANNOT)):
        counts = [Counter(counts) for counts in result[section].values()]
        result[total] = {key: sum(count[key] for count in counts) for key in COUNTED}
    return result | {"needed to know": UNKNOWABLE}


COUNTED = ["planted", "caught before load", "caught in the build", "let through", "told in place"]


def as_text(result: dict) -> str:
    """Write the counts of a result as tables."""
    parts = []
    for kinds, total in ((MUST, "must be caught"), (CANNOT, "cannot be known")):
        rows = [(kind, *counts.values()) for kind, counts in result[kinds].items()]
        parts.append(as_markdown([total, *COUNTED], [*rows, ("all", *result[total].values())]))
    return "\n\n".join(parts)


def main(kinds: set[str]) -> None:
    """Run all defects, or those of some kinds, print the table and write the result.

    Of some kinds alone only where the checker is the one that the other figures are of.
    """
    old = json.loads(RESULT.read_text(encoding="utf-8")) if kinds else {}
    if kinds and old["inputs"]["checker"] != inputs()["checker"]:
        raise SystemExit("the checker is another than that of the other kinds: run them all")
    drawn = all_defects()
    numbers = [n for n, defect in enumerate(drawn) if not kinds or defect.kind in kinds]
    with tempfile.TemporaryDirectory() as folder:
        project = build_copy(Path(folder) / "project").folder
        outcomes = dict(zip(numbers, run(numbers, project, Path(folder)), strict=True))
    unplanted = [drawn[n] for n, outcome in outcomes.items() if not outcome]
    new = summary([outcome for outcome in outcomes.values() if outcome], unplanted)
    result = merged(old, new, kinds)
    RESULT.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(as_text(result))
    for what in ("let through", "told elsewhere", "no row suits"):
        print(f"\n{what}:", *result[what] or ["nothing"], sep="\n  ")
    must = result["must be caught"]
    caught = must["planted"] - must["let through"]
    print(f"\ndefects caught / planted: {caught} / {must['planted']}")
    print(f"told with the right file, line and column: {must['told in place']} / {caught}")


if __name__ == "__main__":
    main(set(sys.argv[1:]))
