"""The check of the record before anything is loaded.

A CSV goes through three sieves: the bytes and lines of the file, the type of each cell (cast by
DuckDB), and a pandera schema compiled from the YAML beside it. All findings of all files come
back together, each with file, line, column, value and remedy.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import networkx
import pandas as pd
import pandera.pandas as pa
from rapidfuzz import fuzz, process

from strike_ledger.declarations import (
    PROJECT,
    RECORD,
    VOCABULARY,
    Column,
    Table,
    loaded_tables,
    tables,
)

MAX_FILE_BYTES = 5_000_000
MAX_LINES = 50_000
MAX_LINE_CHARACTERS = 20_000
MAX_CELL_SHOWN = 80
MAX_SHOWN = 1000

# The lexical form of each type: DuckDB's try_cast alone would round 7.5 and read 1/2/2024.
_LEXICAL = {
    "integer": (r"-?\d+", "is not a whole number", "Write digits only, such as 9"),
    "numeric": (r"-?\d+(\.\d+)?", "is not a number", "Write digits with a point, such as 36.19"),
    "date": (
        r"(19|20)\d{2}-\d{2}-\d{2}",
        "is not a date",
        "Write a day of the years 1900 to 2099 as YYYY-MM-DD",
    ),
    "boolean": ("true|false", "is neither true nor false", "Write true or false"),
}

_PANDAS_TYPES = {
    "string": "string",
    "integer": "Int64",
    "bigint": "Int64",
    "numeric": "Float64",
    "date": "datetime64[us]",
    "timestamp": "datetime64[us]",
    "boolean": "boolean",
}

_MISSING_WORDS = {"null", "nan", "n/a", "na", "nil", "-", "?"}


@dataclass(frozen=True, order=True)
class Finding:
    """Something wrong in a file of the record, at a line and in a column."""

    file: str
    line: int
    column: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        """Write it as a curator reads it: file, line, column, what is wrong, what is right.

        A character that does not print is written as its number: a cell moves no cursor.
        """
        place = f"{self.file}:{self.line}"
        end = "" if self.remedy.endswith((".", "?")) else "."
        told = f"{place:<32}  {self.column}: {self.problem}. {self.remedy}{end}"
        return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in told)


def _quoted(value: object) -> str:
    if pd.isna(value) or value == "":
        return "empty"
    text = str(value)
    return f"'{text}'" if len(text) <= MAX_CELL_SHOWN else f"'{text[:MAX_CELL_SHOWN]}...'"


def _nearest(value: object, known: Iterable[str]) -> str | None:
    best = process.extractOne(str(value), sorted(known), scorer=fuzz.ratio, score_cutoff=60)
    return best[0] if best else None


def did_you_mean(value: object, known: Iterable[str], otherwise: str, if_not: str = "") -> str:
    """Suggest the known value that is nearest to one mistyped, or say `otherwise`.

    `if_not` goes with a suggestion, for what is new rather than mistyped.
    """
    nearest = _nearest(value, known)
    return f"Did you mean {_quoted(nearest)}?{if_not}" if nearest else otherwise


# --- first sieve: bytes, lines, cells -------------------------------------------------------


_FORMULA = "=+-@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}"
_FORMULA += "\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
_MARKUP = re.compile(r"<[a-zA-Z/!?]|&#|&[a-zA-Z]+;")
_WORD = re.compile(r"[^\W\d_]+")
_ALIKE = {"LATIN", "CYRILLIC", "GREEK"}


def _odd_character(cell: str) -> tuple[str, str] | None:
    """Say which character of a cell is not plain text, or is one of another script, or None."""
    for c in cell:
        kind = unicodedata.category(c)
        if kind == "Cs":
            return f"byte 0x{ord(c) - 0xDC00:02X} is not UTF-8", "Save the file as UTF-8"
        if kind in ("Cc", "Cf", "Co", "Cn", "Zl", "Zp"):
            name = unicodedata.name(c, "a control character")
            return f"holds an invisible character ({name}, U+{ord(c):04X})", "Remove it"
    if cell != unicodedata.normalize("NFC", cell):
        return f"{_quoted(cell)} is not in Unicode NFC", "Type its accented letters anew"
    for word in _WORD.findall(cell):
        scripts = sorted(_ALIKE & {unicodedata.name(c, "").partition(" ")[0] for c in word})
        if len(scripts) > 1:
            mixed = " and ".join(script.capitalize() for script in scripts)
            return f"'{word}' mixes {mixed} letters, which look alike", "Type the word anew"
    return None


def _dangerous(cell: str) -> tuple[str, str] | None:
    """Say what in a text a spreadsheet would run, or a page take for its own, or None."""
    if cell[0] in _FORMULA and not re.fullmatch(_LEXICAL["numeric"][0], cell):
        return (
            f"{_quoted(cell)} begins with '{cell[0]}', which a spreadsheet runs as a formula",
            "Begin with a letter, a digit or a quotation mark",
        )
    markup = _MARKUP.search(cell)
    if markup:
        return f"holds '{markup[0]}', which a page takes for markup", "Write it in plain words"
    return None


def _cell_problem(cell: str, column: Column) -> tuple[str, str] | None:
    """Say what is wrong with a cell as text, or None."""
    odd = None if cell.isascii() and cell.isprintable() else _odd_character(cell)
    if odd:
        return odd
    if cell != cell.strip():
        return f"{_quoted(cell)} begins or ends with a blank", "Remove the blank"
    if cell.lower() in _MISSING_WORDS:
        return f"{_quoted(cell)} stands for nothing", "Leave the cell empty where nothing is known"
    return _dangerous(cell) if column.base_type == "string" else None


def _header_findings(header: list[str], table: Table, file: str) -> list[Finding]:
    """Say what is wrong with the columns: each that is odd, missing or twice, or the order."""
    expected = table.column_names
    listed = f"The header is: {', '.join(expected)}"
    missing = [name for name in expected if name not in header]
    told = {}
    for name in header:
        if name not in expected:
            remedy = did_you_mean(name, missing, "Remove it, or declare it in the YAML beside")
            told[name] = ("the column is not declared", remedy)
        elif header.count(name) > 1:
            told[name] = ("the column stands twice", listed)
    misspelt = {_nearest(name, missing) for name in told}
    told |= {name: ("the column is missing", listed) for name in missing if name not in misspelt}
    if not told and header != expected:
        first = next(name for name, right in zip(header, expected, strict=True) if name != right)
        told[first] = ("the column is out of its place", listed)
    return [Finding(file, 1, name, *problem) for name, problem in told.items()]


def _lines(path: Path, file: str) -> tuple[list[str], list[Finding]]:  # noqa: PLR0911
    """Read the lines of a file, without their ends, refusing what is not one of text.

    A byte that is not UTF-8 becomes a surrogate, so that it can be told by its cell.
    """

    def refused(line: int, problem: str, remedy: str) -> tuple[list[str], list[Finding]]:
        return [], [Finding(file, line, "(file)", problem, remedy)]

    if path.is_symlink():
        return refused(0, "the file is a link to another", "Put the file itself here")
    if not path.is_file():
        return refused(0, "the file is missing", "A table without rows still has its header")
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        return refused(
            0, f"the file has {size} bytes, more than {MAX_FILE_BYTES}", "Curate fewer rows a table"
        )
    content = path.read_bytes()
    if not content.strip():
        return refused(1, "the file is empty", "A table without rows still has its header")
    if content.startswith(b"\xef\xbb\xbf"):
        return refused(1, "the file begins with a byte order mark", "Save it as UTF-8 without BOM")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return refused(1, "the file is in UTF-16", "Save it as UTF-8 without BOM")
    text = content.decode("utf-8", errors="surrogateescape")
    if "\r\n" in text or "\n" not in text:
        return refused(1, "the lines do not end with LF alone", "Save it with LF line ends")
    lines = text.split("\n")
    if lines[-1]:
        return refused(
            len(lines), "the last line has no line end", "Was the file cut? Restore it, end with LF"
        )
    if len(lines) > MAX_LINES:
        return refused(
            0,
            f"the file has {len(lines)} lines, more than {MAX_LINES}",
            "Curate fewer rows a table",
        )
    return lines[:-1], []


def _without_surrogates(cell: str) -> str:
    if cell.isascii():
        return cell
    return cell.encode("utf-8", errors="surrogateescape").decode("utf-8", errors="replace")


_CELL = re.compile(r'"([^"]*(?:""[^"]*)*)"|[^",]*')


def _cells(line: str) -> list[str] | tuple[int, str]:
    """Split a line into cells, or say in which of them and why it cannot be split."""
    if len(line) > MAX_LINE_CHARACTERS:
        return -1, f"the line has {len(line)} characters, more than {MAX_LINE_CHARACTERS}"
    if not line.strip():
        return -1, "the line is empty"
    cells, place = [], -1
    while place < len(line):
        found = _CELL.match(line, place + 1)
        cells.append(found[0] if found[1] is None else found[1].replace('""', '"'))
        place = found.end()
        if line[place : place + 1] not in (",", ""):
            return len(cells) - 1, "a quotation mark is out of place, or a line end within the cell"
    return cells


def _read(folder: Path, table: Table) -> tuple[pd.DataFrame | None, list[Finding]]:
    """Read a CSV as text: a frame indexed by line number, and what is wrong with it.

    The frame is None where the file or its header cannot be used. Empty cells are None.
    """
    file = table.file
    lines, findings = _lines(folder / f"{table.name}.csv", file)
    if findings:
        return None, findings
    header = _cells(lines[0])
    if isinstance(header, tuple):
        return None, [Finding(file, 1, "(header)", header[1], "Restore the header")]
    wrong_header = _header_findings(header, table, file)
    if wrong_header:
        return None, wrong_header
    rows: dict[int, list[str | None]] = {}
    for number, line in enumerate(lines[1:], start=2):
        cells = _cells(line)
        if isinstance(cells, tuple):
            place, problem = cells
            named = table.column_names[place] if 0 <= place < len(table.columns) else "(line)"
            remedy = "A row is one line; a cell with a comma or quotation mark is quoted"
            findings.append(Finding(file, number, named, problem, remedy))
            continue
        if len(cells) != len(table.columns):
            findings.append(
                Finding(
                    file,
                    number,
                    "(line)",
                    f"has {len(cells)} cells where the header has {len(table.columns)}",
                    "Add or remove commas; quote a cell that holds one",
                )
            )
            continue
        for cell, column in zip(cells, table.columns, strict=True):
            problem = _cell_problem(cell, column) if cell else None
            if problem:
                findings.append(Finding(file, number, column.name, *problem))
        rows[number] = [_without_surrogates(cell) or None for cell in cells]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=table.column_names, dtype=object)
    return frame, findings


# --- second sieve: types --------------------------------------------------------------------


def _cast(
    connection: duckdb.DuckDBPyConnection, table: Table, text: pd.DataFrame
) -> tuple[pd.DataFrame, list[Finding]]:
    """Create the typed table in DuckDB and give it as a frame indexed by line number."""
    findings = []
    raw = text.astype("string").rename_axis("line_number").reset_index()
    connection.register("raw", raw)
    for column in table.columns:
        if column.base_type not in _LEXICAL:
            continue
        form, problem, remedy = _LEXICAL[column.base_type]
        bad = connection.execute(
            f"select line_number, {column.name} from raw where {column.name} is not null "  # noqa: S608
            f"and (not regexp_full_match({column.name}, ?) "
            f"or try_cast({column.name} as {column.data_type}) is null)",
            [form],
        ).fetchall()
        if "wording" in table.column_names and column.base_type == "integer":
            remedy += ", and keep the source's word in `wording`"
        findings += [
            Finding(table.file, line, column.name, f"{_quoted(value)} {problem}", remedy)
            for line, value in bad
        ]
        if bad:
            raw.loc[raw["line_number"].isin([line for line, _ in bad]), column.name] = pd.NA
    typed = ", ".join(
        f"try_cast({column.name} as {column.data_type}) as {column.name}"
        for column in table.columns
    )
    connection.execute(
        f"create table {table.name} as select line_number, {typed} from raw"  # noqa: S608
    )
    connection.unregister("raw")
    frame = connection.table(table.name).df().set_index("line_number")
    return as_declared(frame, table), findings


def as_declared(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Give the frame with the nullable pandas type of each declared column."""
    return frame.astype({c.name: _PANDAS_TYPES[c.base_type] for c in table.columns})


# --- third sieve: pandera -------------------------------------------------------------------


@dataclass(frozen=True)
class _Explanation:
    """How a failed pandera check is told to a curator."""

    column: str
    problem: Callable[[pd.Series], str]
    remedy: Callable[[pd.Series], str]


def _on_no_circle(starts: pd.Series, ends: pd.Series) -> pd.Series:
    """Say of each arrow, from a start to an end, whether following the arrows never comes back."""
    arrows = pd.DataFrame({"start": starts, "end": ends}).dropna()
    graph = networkx.DiGraph(arrows.itertuples(index=False, name=None))
    circle = {
        node: number
        for number, nodes in enumerate(networkx.strongly_connected_components(graph))
        for node in nodes
    }
    comes_back = arrows["start"].map(circle) == arrows["end"].map(circle)
    return ~comes_back.reindex(starts.index, fill_value=False)


class _Compiler:
    """Compiles one table's declaration into a pandera schema with an explanation per check.

    `frames` are the tables that were read whole; the others are not checked against, and rules
    that name them wait. `text` has the rows as they were written, for the explanations; `told` are
    the lines of this table with a finding from an earlier sieve, on which a rule would only repeat
    it.
    """

    def __init__(
        self,
        table: Table,
        frames: dict[str, pd.DataFrame],
        text: pd.DataFrame | None = None,
        connection: duckdb.DuckDBPyConnection | None = None,
        told: frozenset[int] = frozenset(),
    ) -> None:
        self.table = table
        self.frames = frames
        self.text = text
        self.connection = connection
        self.told = told
        self.explanations: dict[str, _Explanation] = {}

    def _check(
        self,
        name: str,
        column: str,
        test: Callable,
        problem: Callable[[pd.Series], str],
        remedy: Callable[[pd.Series], str] | str,
    ) -> pa.Check:
        told = remedy if callable(remedy) else lambda row: remedy
        self.explanations[name] = _Explanation(column, problem, told)
        return pa.Check(test, error=name, name=name)

    def _keys(self, table: str, column: str) -> set | None:
        frame = self.frames.get(table)
        return None if frame is None else set(frame[column].dropna().to_list())

    def _column_checks(self, column: Column) -> list[pa.Check]:
        name, checks = column.name, []

        def value(row: pd.Series) -> str:
            return _quoted(row[name])

        if column.pattern:
            prefix = re.match(r"\^([a-z]{3}_)\[a-z0-9_\]\+\$", column.pattern)
            remedy = (
                f"Write {prefix[1]} and then lower-case letters, digits and underscores"
                if prefix
                else f"It has the form {column.pattern}"
            )
            pattern = re.compile(column.pattern)
            checks.append(
                self._check(
                    f"{name} pattern",
                    name,
                    lambda s: s.map(lambda v: bool(pattern.fullmatch(v)), na_action="ignore"),
                    lambda row: f"{value(row)} has another form than its column",
                    remedy,
                )
            )
        if column.minimum is not None:
            checks.append(
                self._check(
                    f"{name} minimum",
                    name,
                    lambda s: s >= column.minimum,
                    lambda row: f"{row[name]} is less than {column.minimum}",
                    "Correct the number",
                )
            )
        if column.maximum is not None:
            checks.append(
                self._check(
                    f"{name} maximum",
                    name,
                    lambda s: s <= column.maximum,
                    lambda row: f"{row[name]} is more than {column.maximum}",
                    "Correct the number",
                )
            )
        # As objects: among Arrow's texts pandas looks a value up forty times slower.
        if column.code_list and "codes" in self.frames:
            known = self._list(column.code_list)
            listed = ", ".join(known)
            checks.append(
                self._check(
                    f"{name} code",
                    name,
                    lambda s: s.astype(object).isin(known),
                    lambda row: f"{value(row)} is not in the list {column.code_list} ({listed})",
                    lambda row: did_you_mean(row[name], known, "Use one of these codes"),
                )
            )
        keys = self._keys(*column.target) if column.target else None
        if keys is not None:
            file = f"{column.target[0]}.csv"
            checks.append(
                self._check(
                    f"{name} reference",
                    name,
                    lambda s: s.astype(object).isin(keys),
                    lambda row: f"{value(row)} is not in {file}",
                    lambda row: did_you_mean(
                        row[name],
                        keys,
                        f"Add it to {file}, or correct it",
                        f" If not, add it to {file}",
                    ),
                )
            )
        return checks

    def _reference_by_table(self, column: Column) -> pa.Check:
        where, what = column.references_table_in, column.name

        keys = {
            name: self._keys(name, table.primary_key[0])
            for name, table in tables(RECORD).items()
            if name in self.frames
        }

        def test(frame: pd.DataFrame) -> pd.Series:
            resolved = [
                pd.isna(i) or t not in keys or i in keys[t]
                for t, i in zip(frame[where], frame[what], strict=True)
            ]
            return pd.Series(resolved, index=frame.index)

        return self._check(
            f"{what} reference",
            what,
            test,
            lambda row: f"{_quoted(row[what])} is not in {row[where]}.csv",
            lambda row: did_you_mean(row[what], keys[row[where]], f"Add it there, or name {where}"),
        )

    def _acyclic(self, column: Column) -> pa.Check:
        told = column.acyclic if isinstance(column.acyclic, dict) else {}
        start = told.get("start", self.table.primary_key[0])

        def test(frame: pd.DataFrame) -> pd.Series:
            arrows = frame.query(told["among"]) if told else frame
            ends = _on_no_circle(arrows[start], arrows[column.name])
            return ends.reindex(frame.index, fill_value=True)

        return self._check(
            f"{column.name} acyclic",
            column.name,
            test,
            lambda row: f"{_quoted(row[column.name])} leads back to {row[start]}",
            "Break the circle: one of them comes first",
        )

    def _uniqueness(self, key: tuple[str, ...]) -> pa.Check:
        def first_line(row: pd.Series) -> int:
            same = (self.text[list(key)] == row[list(key)]).all(axis=1)
            return same.idxmax()

        return self._check(
            f"unique {key}",
            key[-1] if len(key) == 1 else f"({', '.join(key)})",
            lambda frame: (
                ~frame.dropna(subset=list(key))
                .duplicated(key)
                .reindex(frame.index, fill_value=False)
            ),
            lambda row: (
                f"{_quoted(', '.join(str(row[k]) for k in key))} stands already "
                f"in line {first_line(row)}"
            ),
            "A key is used once: remove the row, or give it a key of its own",
        )

    def _rule(self, number: int) -> pa.Check:
        rule = self.table.rules[number]

        def test(frame: pd.DataFrame) -> pd.Series:
            broken = self.connection.execute(
                f"select line_number from {self.table.name} as this "  # noqa: S608
                f"where not coalesce(({rule.holds}), true)"
            ).fetchall()
            return ~frame.index.to_series().isin({line for (line,) in broken} - self.told)

        return self._check(
            f"rule {number}",
            rule.column,
            test,
            lambda row: rule.problem.format_map(row.map(_quoted)),
            rule.remedy,
        )

    def schema(self) -> pa.DataFrameSchema:
        """Compile the schema; frames that could not be read are not checked against."""
        columns = {}
        frame_checks = []
        for column in self.table.columns:
            columns[column.name] = pa.Column(
                _PANDAS_TYPES[column.base_type],
                checks=self._column_checks(column),
                nullable=not column.required,
                description=column.description,
            )
            self.explanations[f"{column.name} required"] = _Explanation(
                column.name,
                lambda row: "is empty",
                lambda row, c=column: (
                    "Write not_stated where the passage does not tell"
                    if c.code_list and "not_stated" in self._list(c.code_list)
                    else "Every row needs it"
                ),
            )
            if column.references_table_in:
                frame_checks.append(self._reference_by_table(column))
            if column.acyclic:
                frame_checks.append(self._acyclic(column))
        for key in (self.table.primary_key, self.table.unique_together):
            if key:
                frame_checks.append(self._uniqueness(key))
        if self.connection is not None:
            unread = loaded_tables().keys() - self.frames.keys()
            frame_checks += [
                self._rule(number)
                for number, rule in enumerate(self.table.rules)
                if not any(re.search(rf"\b{name}\b", rule.holds) for name in unread)
            ]
        return pa.DataFrameSchema(
            columns, checks=frame_checks, strict=True, ordered=True, name=self.table.name
        )

    def _list(self, code_list: str) -> list[str]:
        codes = self.frames.get("codes")
        return [] if codes is None else list(codes.loc[codes["code_list"] == code_list, "code"])

    def findings(self, errors: pa.errors.SchemaErrors) -> list[Finding]:
        """Turn pandera's failure cases into findings, one for each check and line.

        Of each check only as many are put into words as can be shown.
        """
        lines: dict[str, set[int]] = defaultdict(set)
        for case in errors.failure_cases.itertuples():
            name = f"{case.column} required" if case.check == "not_nullable" else case.check
            lines[name].add(int(case.index))
        found = []
        for name, broken in lines.items():
            told = self.explanations[name]
            for number, line in enumerate(sorted(broken)):
                words = ("as in the lines above", "")
                if number < MAX_SHOWN:
                    row = self.text.loc[line]
                    words = (told.problem(row), told.remedy(row))
                found.append(Finding(self.table.file, line, told.column, *words))
        return found


def schema_of(table: Table) -> pa.DataFrameSchema:
    """Compile the pandera schema of a view: types, not null, limits, patterns, keys, order."""
    return _Compiler(table, {}).schema()


# --- corrections: what no rule in YAML can say, since table and column stand in cells ---------


def _false_corrections(texts: dict[str, pd.DataFrame], days: pd.Series) -> Iterable[Finding]:
    """Hold each correction against the cell that it names, both as text.

    `texts` are the tables that were read whole: corrections of the others wait. `days` are the
    dates of the corrections by line; of a cell only the latest correction speaks of the present.
    """
    keys = {t.name: t.primary_key[0] for t in tables(RECORD).values() if len(t.primary_key) == 1}
    cell = ["corrected_table", "corrected_id", "column_name"]
    rows = texts["corrections"].loc[days.dropna().sort_values().index]
    rows = rows.dropna(subset=cell).fillna("")
    rows = rows[rows["corrected_table"].isin(keys.keys() & texts.keys())]
    latest = ~rows.duplicated(cell, keep="last")
    taken_out = {(t, i) for t, i, column in rows[cell].to_numpy() if column == keys[t]}
    for line, row in rows.iterrows():
        name, row_id, column = row[cell]
        table, key, frame = tables(RECORD)[name], keys[name], texts[name]
        before, now = row["old_value"], row["new_value"]
        present = frame[frame[key] == row_id].fillna("")
        told = None
        if column not in table.column_names:
            listed = f"Its columns are: {', '.join(table.column_names)}"
            problem = f"{_quoted(column)} is not a column of {name}.csv"
            told = "column_name", problem, did_you_mean(column, table.column_names, listed)
        elif column == key and now:
            problem = f"{_quoted(now)} would be another key for the row"
            remedy = (
                "A key is never changed: empty new_value to take the row out, and add a new row"
            )
            told = "new_value", problem, remedy
        elif column == key and before != row_id:
            problem = f"{_quoted(before)} is not the key of the row taken out"
            told = "old_value", problem, f"Write {row_id}"
        elif column == key:
            problem = f"{_quoted(row_id)} was taken out ({row['correction_id']})"
            remedy = "A key is never used again: give the row a key of its own"
            yield from (Finding(table.file, n, key, problem, remedy) for n in present.index)
        elif present.empty and (name, row_id) not in taken_out:
            problem = f"{_quoted(row_id)} is not in {name}.csv"
            remedy = did_you_mean(row_id, frame[key].dropna(), "Correct it.")
            remedy += f" If the row was taken out, add that as a correction of its {key}"
            told = "corrected_id", problem, remedy
        elif latest[line] and not present.empty and present[column].iloc[0] != now:
            where = f"{column} in {table.file}:{present.index[0]}"
            problem = f"{_quoted(now)}, but {where} is {_quoted(present[column].iloc[0])}"
            told = "new_value", problem, "Restore the cell, or add the correction that changed it"
        if told:
            yield Finding(tables(RECORD)["corrections"].file, line, *told)


# --- the whole ------------------------------------------------------------------------------


def check(record: Path | None = None, vocabulary: Path | None = None) -> list[Finding]:
    """Check every CSV of the record and of the vocabulary, reading nothing else.

    `record` and `vocabulary` are folders with the CSVs, the project's own by default. The
    declarations are always the project's. Returns all findings, sorted by file and line; an
    empty list means that the record may be loaded.
    """
    folders = {
        RECORD: record or PROJECT / RECORD,
        VOCABULARY: vocabulary or PROJECT / VOCABULARY,
    }
    declared = loaded_tables()
    findings: list[Finding] = []
    texts: dict[str, pd.DataFrame] = {}
    frames: dict[str, pd.DataFrame] = {}
    torn: set[str] = set()
    with duckdb.connect(config={"enable_external_access": False, "threads": 1}) as connection:
        connection.execute("set python_enable_replacements = false")
        for table in declared.values():
            text, found = _read(folders[table.folder], table)
            findings += found
            if text is None:
                continue
            if any(finding.line not in text.index for finding in found):
                torn.add(table.name)
            texts[table.name] = text
            frames[table.name], found = _cast(connection, table, text)
            findings += found
        told = {(f.file, f.line, f.column) for f in findings}
        whole = {name: frame for name, frame in frames.items() if name not in torn}
        for name, frame in frames.items():
            compiler = _Compiler(
                declared[name],
                whole,
                texts[name],
                connection,
                frozenset(line for file, line, _ in told if file == declared[name].file),
            )
            try:
                compiler.schema().validate(frame, lazy=True)
            except pa.errors.SchemaErrors as errors:
                findings += [
                    f for f in compiler.findings(errors) if (f.file, f.line, f.column) not in told
                ]
        if "corrections" in whole:
            readable = {name: texts[name] for name in whole}
            findings += _false_corrections(readable, whole["corrections"]["corrected_date"])
        for folder, path in folders.items():
            findings += _strays(folder, path)
    return sorted(set(findings))


def _strays(folder: str, path: Path) -> list[Finding]:
    """Find CSV files that no YAML declares: they would be loaded unchecked."""
    return [
        Finding(f"{folder}/{stray.name}", 0, "(file)", "no YAML declares this table", "Add one")
        for stray in sorted(path.glob("*.csv"))
        if stray.stem not in tables(folder)
    ]


def report(findings: Sequence[Finding]) -> str:
    """Write findings a line each, the first thousand in full, and count them at the end."""
    lines = [str(finding) for finding in findings[:MAX_SHOWN]]
    if len(findings) > MAX_SHOWN:
        lines.append(f"... and {len(findings) - MAX_SHOWN} more")
    noun = "problem" if len(findings) == 1 else "problems"
    lines.append(f"{len(findings)} {noun} in the record; nothing was loaded.")
    return "\n".join(lines)
