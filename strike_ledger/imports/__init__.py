"""Other people's datasets, turned into the record's own tables as Parquet.

A dataset is a module with one function, `plan(name, files, version) -> Plan`: how its files are
laid out, which of its rows cannot be taken and why, and each table of the record as a SELECT over
those that can. Everything else is done here and is the same for all: `import_files` reads, rejects,
writes, checks and puts in place. The work is DuckDB's, in a file beside what it writes, so that
memory stays bounded; Python only finds where a row of a file begins and ends.

In DuckDB a plan finds
- `raw`: `file_number`, `file`, `line` (the line on which the row begins) and its own `columns`, all
  text, without blanks around them, empty as NULL; `010` stays `010`;
- `curated.NAME`: each table of the record and of the vocabulary, with declared types;
- `taken`: the rows of its own `typed` that have no fault;
- the macros `slug(text)`, lower-case letters, digits and underscores, and `short_hash(text)`, 16
  digits of its MD5.

What is written: `INTO/TABLE/dataset=KEY/*.parquet` for every table of the record, with its
declared columns, then `original_id`, `dataset_version`, `licence` (and `original_code` in `events`
and `responses`); with `is_partitioned`, tables whose rows have a day in folders
`year=YYYY/country=ISO3` below that, country XXX where there is none; `INTO/rejects/KEY.csv` where
rows were rejected. Rows in are rows out and rejects, or it fails; what fails leaves everything as
it was.
"""

import csv
import fcntl
import gzip
import re
import shutil
import tempfile
import warnings
import zipfile
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial, reduce
from importlib import import_module
from itertools import islice
from operator import and_, ge, le, methodcaller
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import duckdb
import ibis
import pandera.ibis as pa
import pyarrow
from ibis.expr import datatypes
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from strike_ledger.declarations import (
    PROJECT,
    RECORD,
    Column,
    Table,
    loaded_tables,
    tables,
)
from strike_ledger.reading import quoted

DATASETS = {
    "gdelt": "strike_ledger.imports.acts",
    "icews": "strike_ledger.imports.acts",
    "polecat": "strike_ledger.imports.acts",
    "ucdp": "strike_ledger.imports.ucdp",
}
MEMORY = "1500MB"  # of DuckDB; what does not fit goes to the disk
_ROWS_AT_ONCE = 50_000
_MAX_LINE_BYTES = 16_000_000
_MAX_LINES_OF_ROW = 1_000
_N_LINES_SEEN = 3  # by which a dataset knows its own file: a header, tags, the first row
_SHOWN = 5  # examples of what is wrong
_CELL_SHOWN = 80
_BLANK = " \t\r\n\N{NO-BREAK SPACE}"
_WITH_CODE = ("events", "responses")
_NO_COUNTRY = "XXX"
# Tables of which no row has a day; two of them have a column of the name of a partition.
_WITHOUT_DAY = (
    *("actors", "actor_relations", "corrections", "episodes", "identifiers", "locations", "names"),
    "sources",
)
_ISO3 = "^[A-Z]{3}$"
_EMPTY = "is empty"
_IBIS_TYPES = {
    "string": datatypes.string,
    "integer": datatypes.int32,
    "date": datatypes.date,
    "boolean": datatypes.boolean,
}
# Curated figures above this are slips; a row of a dataset may sum up a whole war.
_UNBOUNDED = {"figure_low", "figure_high", "figure_best"}
_UNCLOSED = (
    "a quotation mark is out of place, or is not closed; a cell that holds one is quoted, and the "
    "mark in it is doubled"
)
# Cuts a row of text into cells. Between two quotation marks a separator is text; two marks that
# follow each other are one mark, which shows as nothing between two pieces that are quoted.
_CUT = """
    select
        line,
        coalesce(problem, case when len(pieces) % 2 = 0 or list_bool_or(
            list_transform(pieces, lambda piece, place:
                place % 2 = 1 and piece <> ''
                and (
                    (place > 1 and piece[1] <> {separator})
                    or (place < len(pieces) and piece[-1] <> {separator})
                )
            )
        ) then {unclosed} end) as problem,
        string_split(
            array_to_string(
                list_transform(pieces, lambda piece, place: case
                    when place % 2 = 0 then piece
                    when piece = '' and place > 1 and place < len(pieces) then '"'
                    else replace(piece, {separator}, chr(31))
                end),
                ''
            ),
            chr(31)
        ) as cells
    from (select *, string_split(text, '"') as pieces from chunk)
"""
_CUT_PLAIN = "select line, problem, string_split(text, {separator}) as cells from chunk"


_Holds = Callable[[ibis.Value], ibis.Value]


class ImportFailedError(Exception):
    """The import failed, for the reason in the message. What was there before is as it was."""


@dataclass(frozen=True)
class Layout:
    """How one file is laid out: its cells in order, by the dataset's own names of them.

    A cell named "" is not wanted. Without a delimiter it is a tab or a comma, whichever the first
    line has more of. `n_headers` rows at the top hold no data.
    """

    columns: tuple[str, ...]
    delimiter: str = ""
    is_quoted: bool = True
    n_headers: int = 0


@dataclass(frozen=True)
class Fault:
    """Why a row cannot be taken: `where` is SQL on a row of `typed`, true where it cannot.

    `column` is the column of `typed` whose value is shown; `reason` says what would be right.
    """

    column: str
    where: str
    reason: str


@dataclass(frozen=True)
class Plan:
    """How a dataset becomes rows of the record.

    `dataset` is its key and `version` and `licence` stand on every row. `layout` is told a file and
    its first rows, and raises ImportFailedError where it is none of the dataset's. `prepare` makes
    helper tables from `raw`. `typed` is a SELECT that gives one row for each row of `raw`, with its
    `file_number`, `file` and `line`. Of rows with the same `key` the first stands. `tables` has a
    SELECT for each table of the record that the dataset fills; a column that it does not name is
    empty. It may name `original_id`, `original_code`, and for partitions `partition_year` and
    `partition_country`. The table `one_per_row` has one row for each row taken. `notes` gives
    lines to print at the end.
    """

    dataset: str
    version: str
    licence: str
    layout: Callable[[Path, list[list[str]]], Layout]
    columns: tuple[str, ...]
    prepare: Callable[[duckdb.DuckDBPyConnection], None]
    typed: str
    key: str
    faults: tuple[Fault, ...]
    tables: dict[str, str]
    one_per_row: str
    notes: Callable[[duckdb.DuckDBPyConnection], list[str]] = lambda connection: []


@dataclass
class Imported:
    """What an import did: rows read, taken and rejected, and the rows of each table written."""

    dataset: str
    n_files: int
    n_in: int = 0
    n_out: int = 0
    n_rejected: int = 0
    rejects: Path | None = None
    rows: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Write it as a person reads it."""
        files = "1 file" if self.n_files == 1 else f"{self.n_files} files"
        lines = [
            f"{self.dataset}: {self.n_in} rows in {files}, {self.n_out} taken, "
            f"{self.n_rejected} rejected"
        ]
        if self.rejects:
            lines.append(f"  the rejected rows, with line and reason: {self.rejects}")
        lines += [f"  {n:>9}  {name}" for name, n in self.rows.items() if n]
        return "\n".join(lines + [f"  {note}" for note in self.notes])


# --- reading: where a row begins and ends -----------------------------------------------------


@contextmanager
def _opened(path: Path) -> Iterator[tuple[BinaryIO, Callable[[], int]]]:
    """Open a file as bytes, unpacked, and give with it how far into the packed file it has read."""
    if path.suffix.lower() == ".zip":
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            if len(members) != 1:
                raise ImportFailedError(
                    f"{path} holds {len(members)} files, not one: unpack it and name those to read"
                )
            with path.open("rb") as packed, zipfile.ZipFile(packed).open(members[0]) as inner:
                yield inner, packed.tell
        return
    with path.open("rb") as packed:
        if path.suffix.lower() == ".gz":
            with gzip.GzipFile(fileobj=packed) as inner:
                yield inner, packed.tell
        else:
            yield packed, packed.tell


class _Line(NamedTuple):
    """A line of a file, or the lines of a row, and what is wrong with it where something is."""

    number: int
    text: bytes
    problem: str | None = None


def _lines(file: BinaryIO, path: Path) -> Iterator[_Line]:
    """Give the lines of a file without their ends, numbered from 1."""
    number = 0
    for line in iter(partial(file.readline, _MAX_LINE_BYTES), b""):
        number += 1
        if number == 1:
            if line.startswith((b"\xff\xfe", b"\xfe\xff")):
                raise ImportFailedError(f"{path} is in UTF-16: save it as UTF-8")
            line = line.removeprefix(b"\xef\xbb\xbf")  # noqa: PLW2901
        if len(line) >= _MAX_LINE_BYTES and not line.endswith(b"\n"):
            start = line[:_CELL_SHOWN]
            while line and not line.endswith(b"\n"):
                line = file.readline(_MAX_LINE_BYTES)  # noqa: PLW2901
            yield _Line(number, start, f"the line has more than {_MAX_LINE_BYTES} bytes")
            continue
        yield _Line(number, line.removesuffix(b"\n").removesuffix(b"\r"))


def _is_whole(row: bytes, layout: Layout) -> bool:
    """Say whether a row has all its cells and its quotation marks in place, as `_CUT` reads it."""
    separator = layout.delimiter.encode()
    pieces = row.split(b'"')
    bare = pieces[::2]
    return (
        len(pieces) % 2 == 1
        and all(not piece or piece.startswith(separator) for piece in bare[1:])
        and all(not piece or piece.endswith(separator) for piece in bare[:-1])
        and sum(piece.count(separator) for piece in bare) == len(layout.columns) - 1
    )


def _rows(lines: Iterator[_Line], layout: Layout) -> Iterator[_Line]:
    """Join the lines over which a quoted cell runs, and give rows with the line they begin on.

    Blank lines between rows are no rows. Where the lines joined are no row and one of them is one
    by itself, the first has a mark too many, which costs that row and not those after it.
    """
    again: deque[_Line] = deque()
    held: list[_Line] = []
    while (line := again.popleft() if again else next(lines, None)) or held:
        if line and not line.problem:
            is_odd = layout.is_quoted and line.text.count(b'"') % 2 == 1
            if not held and not is_odd:
                if line.text.strip():
                    yield line
                continue
            held.append(line)
            if (len(held) == 1 or not is_odd) and len(held) < _MAX_LINES_OF_ROW:
                continue
        elif line and not held:
            yield line
            continue
        elif line:
            again.append(line)
        joined = b"\n".join(part.text for part in held)
        if _is_whole(joined, layout) or not any(_is_whole(p.text, layout) for p in held[1:]):
            yield _Line(held[0].number, joined)
        else:
            yield held[0]
            again.extendleft(reversed(held[1:]))
        held = []


def _decoded(row: bytes, problem: str | None) -> tuple[str, str | None]:
    """Give a row as text; what is no text is written as U+FFFD and told."""
    try:
        text = row.decode("utf-8")
    except UnicodeDecodeError as error:
        told = f"byte 0x{row[error.start]:02X} is not UTF-8; save the file as UTF-8"
        return row.decode("utf-8", "replace"), problem or told
    if "\0" in text or "\x1f" in text:
        return text, problem or "holds a control character (0x00 or 0x1F); remove it"
    return text, problem


def _data_rows(file: BinaryIO, path: Path, layout: Layout) -> Iterator[tuple[int, str, str | None]]:
    """Give the rows of a file below its headers as text, with the line on which each begins."""
    for line, row, problem in islice(_rows(_lines(file, path), layout), layout.n_headers, None):
        yield line, *_decoded(row, problem)


def _layout(path: Path, plan: Plan) -> Layout:
    """Let the dataset tell how a file is laid out, by the first lines of it."""
    with _opened(path) as (file, _):
        head = [line.text for line in islice(_lines(file, path), _N_LINES_SEEN)]
    if not head:
        raise ImportFailedError(f"{path} is empty")
    delimiter = "\t" if head[0].count(b"\t") > head[0].count(b",") else ","
    told = [line.decode("utf-8", "replace") for line in head]
    layout = plan.layout(path, list(csv.reader(told, delimiter=delimiter)))
    return replace(layout, delimiter=layout.delimiter or delimiter)


def _names(files: list[Path]) -> list[str]:
    """Name the files: by their last part, or in full where two have the same."""
    last = [path.name for path in files]
    return [str(p) if last.count(p.name) > 1 else p.name for p in files]


# --- what is written --------------------------------------------------------------------------


def _columns(table: Table) -> dict[str, str]:
    """Give the columns of a table as written, in order, with the types of DuckDB."""
    declared = {
        c.name: "varchar" if c.base_type == "string" else c.data_type for c in table.columns
    }
    code = ["original_code"] if table.name in _WITH_CODE else []
    lineage = ["original_id", *code, "dataset_version", "licence"]
    return declared | dict.fromkeys(lineage, "varchar")


def _limits(table: Table, codes: dict[str, list[str]]) -> Iterator[tuple[str, str, _Holds]]:
    """Give each limit of a table: its column, what is told where it is broken, and the limit."""
    for column in table.columns:
        name = column.name

        def limit(told: str, holds: _Holds, name: str = name) -> tuple[str, str, _Holds]:
            return name, told, lambda rows: rows[name].isnull() | holds(rows[name])

        if column.required:
            yield name, _EMPTY, lambda rows, name=name: rows[name].notnull()
        # Other datasets know more countries than the vocabulary does.
        pattern = _ISO3 if column.references == "countries.iso3" else column.pattern
        if pattern:
            yield limit(f"has not the form {pattern}", methodcaller("re_search", pattern))
        if column.minimum is not None:
            yield limit(f"is less than {column.minimum}", partial(le, column.minimum))
        if column.maximum is not None and name not in _UNBOUNDED:
            yield limit(f"is more than {column.maximum}", partial(ge, column.maximum))
        if column.code_list:
            told = f"is not in the list {column.code_list}"
            yield limit(told, methodcaller("isin", codes[column.code_list]))


def _schema(table: Table, checks: list[pa.Check]) -> pa.DataFrameSchema:
    """Compile the pandera schema of a table as written: its columns in order, types and checks."""

    def kind(column: Column) -> datatypes.DataType:
        if column.base_type == "numeric":
            precision, scale = re.findall(r"\d+", column.data_type)
            return datatypes.Decimal(int(precision), int(scale))
        return _IBIS_TYPES[column.base_type]

    lineage = list(_columns(table))[len(table.columns) :]
    kinds = {c.name: kind(c) for c in table.columns} | dict.fromkeys(lineage, datatypes.string)
    return pa.DataFrameSchema(
        {name: pa.Column(of, nullable=True) for name, of in kinds.items()},
        checks=checks,
        strict=True,
        ordered=True,
        name=table.name,
    )


# --- the import -------------------------------------------------------------------------------


@contextmanager
def _connected(work: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database in a private folder, with the curated record and the macros in it."""
    with duckdb.connect(
        str(work / "work.duckdb"),
        config={
            "memory_limit": MEMORY,
            "temp_directory": str(work / "spilled"),
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    ) as connection:
        connection.execute("set python_enable_replacements = false")
        connection.execute("create schema curated")
        for table in loaded_tables().values():
            file = quoted(str(PROJECT / table.file))
            types = {name: _columns(table)[name] for name in table.column_names}
            connection.execute(
                f"create table curated.{table.name} as from read_csv({file}, header = true, "
                f"auto_detect = false, delim = ',', quote = '\"', escape = '\"', columns = {types})"
            )
        connection.execute(
            "create macro slug(text) as trim(regexp_replace(lower(strip_accents(text)), "
            "'[^a-z0-9]+', '_', 'g'), '_')"
        )
        connection.execute("create macro short_hash(text) as md5(text)[:16]")
        yield connection


@dataclass
class _Import:
    """One import at work: what is to be done, and how far it is."""

    plan: Plan
    files: list[Path]
    connection: duckdb.DuckDBPyConnection
    progress: Progress

    def __post_init__(self) -> None:
        """Learn how each file is laid out: a file of another kind fails before any is read."""
        self.layouts = [_layout(path, self.plan) for path in self.files]

    def _value(self, query: str) -> Any:
        (row,) = self.connection.execute(query).fetchall()
        return row[0]

    def _all(self, query: str) -> list[tuple]:
        return self.connection.execute(query).fetchall()

    def read(self) -> int:
        """Read all files into `raw`, and give how many rows they have."""
        columns = ", ".join(f"{column} varchar" for column in self.plan.columns)
        self.connection.execute(
            "create table every_row (file_number integer, file varchar, line bigint, "
            f"problem varchar, {columns})"
        )
        n_in = n_bytes = 0
        task = self.progress.add_task("reading", total=sum(p.stat().st_size for p in self.files))
        for number, path in enumerate(self.files):
            with _opened(path) as (file, place):
                rows = _data_rows(file, path, self.layouts[number])
                while chunk := list(islice(rows, _ROWS_AT_ONCE)):
                    self._load(chunk, number)
                    n_in += len(chunk)
                    self.progress.update(task, completed=n_bytes + place())
            n_bytes += path.stat().st_size
        self.connection.execute(
            "create view raw as select * exclude (problem) from every_row where problem is null"
        )
        self.connection.execute(
            "create table rejects as select file_number, line, '(row)' as column_name, "
            "null::varchar as value, problem as reason from every_row where problem is not null"
        )
        return n_in

    def _load(self, chunk: list[tuple[int, str, str | None]], number: int) -> None:
        """Cut rows of text into cells, and add them to those read.

        Each chunk is a transaction of its own: one for all would hold every chunk in memory.
        """
        line, text, problem = zip(*chunk, strict=True)
        columns = [pyarrow.array(line), pyarrow.array(text), pyarrow.array(problem, "string")]
        layout = self.layouts[number]
        cut = (_CUT if layout.is_quoted else _CUT_PLAIN).format(
            separator=quoted(layout.delimiter), unclosed=quoted(_UNCLOSED)
        )
        n_cells = len(layout.columns)
        places = {column: place for place, column in enumerate(layout.columns, start=1) if column}
        cells = ", ".join(
            f"nullif(trim(cells[{places[c]}], {quoted(_BLANK)}), '')" if c in places else "null"
            for c in self.plan.columns
        )
        self.connection.register("chunk", pyarrow.table(columns, ["line", "text", "problem"]))
        self.connection.execute(
            f"insert into every_row select {number}, {quoted(_names(self.files)[number])}, line, "  # noqa: S608
            f"coalesce(problem, case when len(cells) <> {n_cells} then "
            f"'has ' || len(cells) || ' cells, and the file has {n_cells} columns' end), "
            f"{cells} from ({cut})"
        )
        self.connection.unregister("chunk")

    def judge(self) -> int:
        """Make `taken` of the typed rows that have no fault, and give how many have one.

        A row with several faults is one reject: it shows the first, and tells the reasons of all.
        """
        plan = self.plan
        faults = ", ".join(
            f"case when {fault.where} then {{column_name: {quoted(fault.column)}, "
            f"value: {fault.column}::varchar, reason: {quoted(fault.reason)}}} end"
            for fault in plan.faults
        )
        self.connection.execute(
            f"create table judged as select *, list_filter([{faults}], lambda f: f is not null) "  # noqa: S608
            f"as faults from ({plan.typed}) as typed"
        )
        if self._value("select count(*) from judged") != self._value("select count(*) from raw"):
            raise ValueError(f"{plan.dataset}: `typed` does not give one row for each of raw")
        self.connection.execute(
            "insert into rejects select file_number, line, faults[1].column_name, faults[1].value, "
            "array_to_string(list_transform(faults, lambda f: f.reason), '; ') "
            "from judged where len(faults) > 0"
        )
        self.connection.execute(
            f"""
            create table doubles as
            select file_number, line, {plan.key}::varchar as value, first_file, first_line
            from (
                select
                    *,
                    first_value(file) over same_key as first_file,
                    first_value(line) over same_key as first_line,
                    row_number() over same_key as place_among_doubles
                from judged
                where len(faults) = 0 and {plan.key} in (
                    select {plan.key} from judged where len(faults) = 0
                    group by {plan.key} having count(*) > 1
                )
                window same_key as (partition by {plan.key} order by file_number, line)
            )
            where place_among_doubles > 1
            """  # noqa: S608
        )
        self.connection.execute(
            f"insert into rejects select file_number, line, {quoted(plan.key)}, value, "  # noqa: S608
            "'stands already in ' || first_file || ', line ' || first_line || ': the first stands' "
            "from doubles"
        )
        self.connection.execute(
            "create view taken as select * exclude (faults) from judged where len(faults) = 0 "
            "and not exists (select 1 from doubles "
            "where doubles.file_number = judged.file_number and doubles.line = judged.line)"
        )
        return self._value("select count(*) from rejects")

    def write_rejects(self, path: Path) -> None:
        """Write the rejected rows as a CSV: file, line, column, value, reason, the row as it is.

        The rows are read from the files once more: few are rejected, and none is kept on the way.
        """
        with path.open("w", encoding="utf-8", newline="") as written:
            writer = csv.writer(written, lineterminator="\n")
            writer.writerow(["file", "line", "column", "value", "reason", "row"])
            for number, (source, name) in enumerate(
                zip(self.files, _names(self.files), strict=True)
            ):
                rejected = self.connection.cursor().execute(
                    "select line, column_name, value, reason from rejects where file_number = ? "
                    "order by line",
                    [number],
                )
                waiting = rejected.fetchone()
                with _opened(source) as (file, _):
                    for line, text, _ in _data_rows(file, source, self.layouts[number]):
                        if waiting is None:
                            break
                        if line == waiting[0]:
                            writer.writerow([name, *waiting, text])
                            waiting = rejected.fetchone()

    def _select(self, table: Table, year: int) -> str:
        """Give the query for the rows of a table as they are written, with their partition."""
        query = self.plan.tables.get(table.name, "select 1 as nothing where false")
        given = {column for column, *_ in self._all(f"describe {query}")} - {"nothing"}
        written = _columns(table)
        always = {
            "dataset_version": quoted(self.plan.version),
            "licence": quoted(self.plan.licence),
        }
        partition = {"partition_year": str(year), "partition_country": quoted(_NO_COUNTRY)}
        unknown = given - {*written, *partition}
        if unknown:
            raise ValueError(f"{table.name} has no column {', '.join(sorted(unknown))}")
        value = {name: f"rows.{name}" for name in given} | always
        columns = [f"cast({value.get(n, 'null')} as {t}) as {n}" for n, t in written.items()]
        columns += [f"coalesce({value.get(n, 'null')}, {o}) as {n}" for n, o in partition.items()]
        return f"select {', '.join(columns)} from ({query}) as rows"  # noqa: S608

    def write(self, folder: Path, is_partitioned: bool) -> dict[str, int]:
        """Write every table of the record as Parquet, and give how many rows each has."""
        task = self.progress.add_task("writing", total=len(tables(RECORD)))
        year = self._value(
            f"select extract(year from min(from_date)) from ({self.plan.tables['episodes']})"  # noqa: S608
        )
        self.connection.execute("create schema written")
        counted = {}
        for name, table in tables(RECORD).items():
            to = folder / name / f"dataset={self.plan.dataset}"
            to.mkdir(parents=True)
            query = self._select(table, year)
            if is_partitioned and name not in _WITHOUT_DAY:
                self._write_partitioned(query, to, year)
            else:
                self._copy(query, to)
            everything = quoted(str(to / "**" / "*.parquet"))
            self.connection.execute(
                f"create view written.{name} as "
                f"from read_parquet({everything}, hive_partitioning = false)"
            )
            counted[name] = self._value(f"select count(*) from written.{name}")  # noqa: S608
            self.progress.advance(task)
        return counted

    def _copy(self, query: str, folder: Path) -> None:
        self.connection.execute(
            f"copy (select * exclude (partition_year, partition_country) from ({query})) "  # noqa: S608
            f"to {quoted(str(folder / 'rows.parquet'))} (format parquet)"
        )

    def _write_partitioned(self, query: str, folder: Path, year: int) -> None:
        """Write by year and country.

        DuckDB takes the columns of a partition out of the files, and one of ours is called country:
        so the partitions have other names until they are written.
        """
        self.connection.execute(
            f"copy ({query}) to {quoted(str(folder))} "
            "(format parquet, partition_by (partition_year, partition_country), overwrite)"
        )
        for pattern in ("*/partition_country=*", "partition_year=*"):
            for found in sorted(folder.glob(pattern)):
                found.rename(found.with_name(found.name.removeprefix("partition_")))
        if not any(folder.glob("*/*/*.parquet")):
            empty = folder / f"year={year}" / f"country={_NO_COUNTRY}"
            empty.mkdir(parents=True)
            self._copy(query, empty)

    def check(self, rows: dict[str, int]) -> None:
        """Hold what was written to the declarations.

        `rows` are those of each table. Raises ImportFailedError that tells all that is wrong.
        """
        codes: dict[str, list[str]] = {}
        for code_list, code in self._all("select code_list, code from curated.codes"):
            codes.setdefault(code_list, []).append(code)
        backend = ibis.duckdb.from_connection(self.connection.cursor())
        task = self.progress.add_task("checking", total=len(tables(RECORD)))
        broken: list[str] = []
        for table in tables(RECORD).values():
            if rows[table.name]:  # of no rows pandera does not find that all are right
                broken += self._broken_values(backend, table, codes)
                broken += self._broken_keys(table)
                broken += self._broken_references(table)
            self.progress.advance(task)
        if broken:
            told = "\n".join(broken)
            raise ImportFailedError(f"what would be written breaks its declarations:\n{told}")

    def _broken_values(
        self, backend: ibis.BaseBackend, table: Table, codes: dict[str, list[str]]
    ) -> Iterator[str]:
        """Say which limits pandera finds broken: all in one scan, and only then one by one."""
        limits = list(_limits(table, codes))
        whole = pa.Check(lambda data: reduce(and_, (holds(data.table) for *_, holds in limits)))
        singly = [
            pa.Check(lambda data, holds=holds: holds(data.table), name=f"{name} {told}",
                     n_failure_cases=_SHOWN)
            for name, told, holds in limits
        ]  # fmt: skip
        with warnings.catch_warnings():
            # ibis 12 calls what DuckDB 2 and pandas 3 still have and will take away.
            warnings.simplefilter("ignore", DeprecationWarning)
            written = backend.table(table.name, database="written")
            try:
                _schema(table, [whole]).validate(written)
            except pa.errors.SchemaError:
                try:
                    _schema(table, singly).validate(written, lazy=True)
                except pa.errors.SchemaErrors as errors:
                    for error in errors.schema_errors:
                        rows = error.failure_cases["failure_case"]
                        column, _, told = error.check.name.partition(" ")
                        cells = "" if told == _EMPTY else f": {[row[column] for row in rows]}"
                        yield f"{table.name}.{column} {told}{cells}"

    def _broken_keys(self, table: Table) -> Iterator[str]:
        """Say which keys of a table stand twice; hashes tell in little memory whether any does."""
        for key in (table.primary_key, table.unique_together):
            listed = ", ".join(key)
            written = f"written.{table.name}"
            if not key or self._value(
                f"select count(*) = count(distinct hash({listed})) from {written}"  # noqa: S608
            ):
                continue
            given = " and ".join(f"{column} is not null" for column in key)
            found = self._all(
                f"select {listed} from {written} where {given} group by all having count(*) > 1 "  # noqa: S608
                f"limit {_SHOWN}"
            )
            if found:
                yield f"{table.name} has ({listed}) twice: {found}"

    def _broken_references(self, table: Table) -> Iterator[str]:
        """Say which references of a table lead neither to what was written nor to the curated."""
        wanted: list[tuple[str, str, str, str]] = []
        for column in table.columns:
            where = column.references_table_in
            if where:
                named = self._all(f"select distinct {where} from written.{table.name}")  # noqa: S608
                wanted += [
                    (column.name, target, tables(RECORD)[target].primary_key[0],
                     f"{where} = {quoted(target)}")
                    for (target,) in named
                ]  # fmt: skip
            elif column.target and column.references != "countries.iso3":
                wanted.append((column.name, *column.target, "true"))
        for name, target, key, where in wanted:
            known = f"select {key} from curated.{target}"  # noqa: S608
            if target in tables(RECORD):
                known += f" union all select {key} from written.{target}"  # noqa: S608
            found = self._all(
                f"select distinct {name} from written.{table.name} where {where} "  # noqa: S608
                f"and {name} is not null and not exists "
                f"(select 1 from ({known}) as known where known.{key} = {table.name}.{name}) "
                f"limit {_SHOWN}"
            )
            if found:
                yield f"{table.name}.{name} is not in {target}: {[value for (value,) in found]}"


def _put_in_place(fresh: Path, into: Path, old: Path, dataset: str, rejects: Path | None) -> None:
    """Put every folder of a dataset where an earlier one may stand, or leave all as they were."""
    part = f"dataset={dataset}"
    moves: list[tuple[Path | None, Path]] = [
        (folder / part, into / folder.name / part) for folder in fresh.iterdir()
    ]
    moves.append((rejects, into / "rejects" / f"{dataset}.csv"))
    done: list[tuple[Path, Path]] = []
    try:
        for number, (source, target) in enumerate(moves):
            if target.exists():
                aside = old / str(number)
                target.rename(aside)
                done.append((target, aside))
            if source:
                target.parent.mkdir(parents=True, exist_ok=True)
                source.rename(target)
                done.append((source, target))
    except BaseException:
        for source, target in reversed(done):
            target.rename(source)
        raise


def import_files(
    name: str,
    files: list[Path],
    into: Path,
    version: str | None = None,
    is_partitioned: bool = False,
    **options: object,
) -> Imported:
    """Import files of a dataset into a folder of Parquet, replacing an earlier import of it.

    `name` is a key of DATASETS; `version` is needed where the names of the files do not tell it;
    `options` are those of the dataset's `plan`.
    Shows its progress on a terminal. Raises ImportFailedError where no row can be taken (the
    rejects are written all the same), where a file is none of the dataset's, or where what would
    be written breaks its declarations: then nothing is.
    """
    plan: Plan = import_module(DATASETS[name]).plan(name, files, version, **options)
    console = Console(stderr=True)
    shown = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    try:
        into.mkdir(parents=True, exist_ok=True)
        with (
            (into / ".lock").open("w") as lock,
            Progress(*shown, console=console, disable=not console.is_terminal) as progress,
        ):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise ImportFailedError(f"another import is at work in {into}") from error
            for stale in into.glob(".import_*"):  # of an import that was killed
                shutil.rmtree(stale)
            with tempfile.TemporaryDirectory(prefix=".import_", dir=into) as private:
                work = Path(private)
                with _connected(work) as connection:
                    at_work = _Import(plan, files, connection, progress)
                    return _imported(at_work, into, work, is_partitioned)
    except (OSError, EOFError, zipfile.BadZipFile, duckdb.Error) as error:
        reason = " ".join(str(error).split())
        raise ImportFailedError(f"{plan.dataset} was not imported: {reason}") from error


def _imported(at_work: _Import, into: Path, work: Path, is_partitioned: bool) -> Imported:
    """Do the steps of an import in a private folder, and put what they give in place."""
    plan, rejects = at_work.plan, work / "rejects.csv"
    done = Imported(plan.dataset, len(at_work.files))
    fresh, old = work / "fresh", work / "old"
    fresh.mkdir()
    old.mkdir()
    done.n_in = at_work.read()
    plan.prepare(at_work.connection)
    done.n_rejected = at_work.judge()
    if done.n_rejected:
        at_work.write_rejects(rejects)
        done.rejects = into / "rejects" / f"{plan.dataset}.csv"
    if done.n_rejected == done.n_in:
        told = ""
        if done.rejects:
            done.rejects.parent.mkdir(exist_ok=True)
            rejects.replace(done.rejects)
            told = f"; why is told in {done.rejects}"
        raise ImportFailedError(f"of {done.n_in} rows none can be taken{told}")
    done.rows = at_work.write(fresh, is_partitioned)
    done.n_out = done.rows[plan.one_per_row]
    if done.n_in != done.n_out + done.n_rejected:
        raise ImportFailedError(
            f"{done.n_in} rows came in, {done.n_out} would go out and {done.n_rejected} are "
            "rejected: rows are lost"
        )
    at_work.check(done.rows)
    done.notes = plan.notes(at_work.connection)
    _put_in_place(fresh, into, old, plan.dataset, rejects if done.n_rejected else None)
    return done
