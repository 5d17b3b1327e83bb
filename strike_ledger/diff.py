"""What differs between two built databases: the record, and the figures of the views over it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from strike_ledger.declarations import RECORD, REPORTS, VOCABULARY, Table, loaded_tables, tables

Cells = tuple[str | None, ...]
_TEXT = "'"
_HERE = '"is here"'
_HEADINGS = {"record": "The record", "main": "The views"}
_STEPS = ("none", "patch", "minor", "major")


class UnreadableError(Exception):
    """A file is no database that this project built; the message says which, and why."""


@dataclass(frozen=True)
class Change:
    """A cell that differs: its row by key, its column, and both values as text; None is NULL."""

    key: Cells
    column: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class Difference:
    """What differs of one table or view.

    `schema` is `record` or `main`. `only_in` is OLD or NEW where the other has no such table, and
    then nothing else is filled. `columns` are those with another type, or that one side lacks:
    name, type in OLD, type in NEW, None for none. `added` and `removed` are keys of rows.
    """

    schema: str
    name: str
    only_in: str | None = None
    columns: tuple[tuple[str, str | None, str | None], ...] = ()
    added: tuple[Cells, ...] = ()
    removed: tuple[Cells, ...] = ()
    changed: tuple[Change, ...] = ()

    @property
    def n_rows_changed(self) -> int:
        """Count the rows in which a cell differs."""
        return len({change.key for change in self.changed})


# --- comparing ------------------------------------------------------------------------------


def _quoted(name: str, mark: str = '"') -> str:
    return mark + name.replace(mark, mark * 2) + mark


@dataclass(frozen=True)
class _Side:
    """One of the two files, attached as `old` or `new`: by schema and table, columns and types."""

    name: str
    path: Path
    tables: dict[tuple[str, str], dict[str, str]]


def _attach(connection: duckdb.DuckDBPyConnection, path: Path, name: str) -> _Side:
    """Attach a file read only."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    try:
        connection.execute(f"attach {_quoted(str(path), _TEXT)} as {name} (read_only)")
        rows = connection.execute(
            "select schema_name, table_name, column_name, data_type from duckdb_columns() "
            "where database_name = ? and schema_name in ('record', 'main') and not internal "
            "order by schema_name, table_name, column_index",
            [name],
        ).fetchall()
    except duckdb.Error as error:
        raise UnreadableError(f"{path} cannot be read: {error}") from error
    for schema, table, column, data_type in rows:
        found.setdefault((schema, table), {})[column] = data_type
    if not any(schema == "record" for schema, _ in found):
        raise UnreadableError(f"{path} has no schema record: `strike-ledger build` did not make it")
    return _Side(name, path, found)


def _compare(
    connection: duckdb.DuckDBPyConnection,
    place: tuple[str, str],
    sides: tuple[_Side, _Side],
    declared: Table | None,
) -> Difference:
    """Compare a table that both have, in the columns that both have, as text.

    Rows meet by the declared key. Where there is none, or a side lacks a column of it, a row is
    its own key: it can come and go, but not change.
    """
    old, new = (side.tables[place] for side in sides)
    names = dict.fromkeys([*old, *new])
    columns = tuple((c, old.get(c), new.get(c)) for c in names if old.get(c) != new.get(c))
    both = [c for c in old if c in new]
    if not both:
        return Difference(*place, columns=columns)
    key = list(declared.primary_key) if declared else []
    if not key or not set(key) <= set(both):
        key = both
    rest = [c for c in both if c not in key]
    cells = ", ".join(f"{_quoted(c)}::varchar as {_quoted(c)}" for c in both)
    for side in sides:
        relation = f"{side.name}.{_quoted(place[0])}.{_quoted(place[1])}"
        try:
            connection.execute(
                f"create or replace temp table {side.name}_rows as "  # noqa: S608
                f"select true as {_HERE}, {cells} from {relation}"
            )
        except duckdb.Error as error:
            what = f"{'.'.join(place)} in {side.path}"
            raise UnreadableError(f"{what} cannot be read: {error}") from error
    same = " and ".join(f"o.{_quoted(c)} is not distinct from n.{_quoted(c)}" for c in key)
    wanted = [f"coalesce(o.{_quoted(c)}, n.{_quoted(c)})" for c in key]
    wanted += [f"{alias}.{_quoted(c)}" for alias in "on" for c in rest]
    differ = [f"o.{_HERE} is null", f"n.{_HERE} is null"]
    differ += [f"o.{_quoted(c)} is distinct from n.{_quoted(c)}" for c in rest]
    rows = connection.execute(
        f"select o.{_HERE}, n.{_HERE}, {', '.join(wanted)} from old_rows as o "  # noqa: S608
        f"full join new_rows as n on {same} where {' or '.join(differ)} order by all"
    ).fetchall()
    added, removed, changed = [], [], []
    for in_old, in_new, *row in rows:
        row_key, values = tuple(row[: len(key)]), row[len(key) :]
        if not in_old:
            added.append(row_key)
        elif not in_new:
            removed.append(row_key)
        else:
            pairs = zip(rest, values[: len(rest)], values[len(rest) :], strict=True)
            changed += [Change(row_key, c, was, now) for c, was, now in pairs if was != now]
    return Difference(*place, None, columns, tuple(added), tuple(removed), tuple(changed))


def differences(old: Path, new: Path) -> list[Difference]:
    """Compare two databases: the tables of the schema record, then the views of main, by name.

    A table or view in which nothing differs is left out. Keys are those of the declarations of
    this version. Raises UnreadableError where a file cannot be read.
    """
    declared = {"record": loaded_tables(), "main": tables(REPORTS)}
    found = []
    with duckdb.connect() as connection:
        sides = _attach(connection, old, "old"), _attach(connection, new, "new")
        connection.execute("set enable_external_access = false")
        was, now = (side.tables.keys() for side in sides)
        for place in sorted(was | now, key=lambda place: (place[0] != "record", place)):
            if place not in was & now:
                found.append(Difference(*place, only_in="NEW" if place in now else "OLD"))
                continue
            compared = _compare(connection, place, sides, declared[place[0]].get(place[1]))
            if compared != Difference(*place):
                found.append(compared)
    return found


def uncorrected(found: Sequence[Difference], new: Path) -> list[str]:
    """List what changed or went from the record without a row in the corrections of NEW.

    Of tables whose key is one column: `table, key, column` for a cell, `table, key` for a row.
    """
    with duckdb.connect(str(new), read_only=True) as connection:
        rows = connection.execute(
            "select corrected_table, corrected_id, column_name, new_value from record.corrections"
        ).fetchall()
    corrected = set(rows)
    declared = tables(RECORD)
    missing = []
    for d in found:
        table = declared.get(d.name) if d.schema == "record" else None
        if table is None or len(table.primary_key) > 1 or d.name == "corrections":
            continue
        cells = [(d.name, *change.key, change.column, change.new) for change in d.changed]
        gone = [(d.name, *key, table.primary_key[0], None) for key in d.removed]
        missing += [", ".join(cell[:3]) for cell in cells if cell not in corrected]
        missing += [", ".join(cell[:2]) for cell in gone if cell not in corrected]
    return missing


# --- telling --------------------------------------------------------------------------------


def version_step(found: Sequence[Difference]) -> tuple[str, list[str]]:
    """Say which part of the version number these differences raise, and on what grounds.

    A correction is a patch, a new row is minor, a changed or removed column is major. So is a
    changed word of the vocabulary, and a figure that moved over the same record: a rule changed.
    """
    grounds: dict[str, list[str]] = {step: [] for step in _STEPS}
    for d in found:
        name = f"{d.schema}.{d.name}"
        if d.only_in:
            grounds["major" if d.only_in == "OLD" else "minor"].append(
                f"{name} only in {d.only_in}"
            )
        for column, was, now in d.columns:
            word = "new" if was is None else "removed" if now is None else "changed"
            grounds["minor" if was is None else "major"].append(f"{word} column {name}.{column}")
        if d.schema != "record":
            continue
        if d.name in tables(VOCABULARY) and (d.changed or d.removed):
            grounds["major"].append(f"changed words in {name}")
        elif d.changed or d.removed or (d.added and d.name == "corrections"):
            grounds["patch"].append(f"corrections in {name}")
        if d.added and d.name != "corrections":
            grounds["minor"].append(f"new rows in {name}")
    if all(d.schema == "main" for d in found):
        moved = [d.name for d in found if d.added or d.removed or d.changed]
        grounds["major"] += [f"main.{n} moved over the same record" for n in moved if n != "about"]
    step = next((step for step in reversed(_STEPS) if grounds[step]), "none")
    return step, grounds[step]


def _shown(cell: str | None) -> str:
    """Write a cell so that NULL, an empty text and a text with blanks can be told apart."""
    if cell is None:
        return "NULL"
    bare = cell.isprintable() and cell and not set(cell) & set(" ',\"") and cell != "NULL"
    return cell if bare else repr(cell)


def _counted(found: Sequence[Difference]) -> str:
    counts = [sum(len(d.added) for d in found), sum(len(d.removed) for d in found)]
    counts.append(sum(d.n_rows_changed for d in found))
    return f"{counts[0]} added, {counts[1]} removed, {counts[2]} changed"


def _told(d: Difference) -> list[str]:
    """Write what differs of one table or view, a line each."""
    if d.only_in:
        return [f"{d.name}: only in {d.only_in}"]
    lines = [f"{d.name}: rows {_counted([d])}"]
    for column, was, now in d.columns:
        if was and now:
            lines.append(f"  column {column}: {was} -> {now}")
        else:
            lines.append(f"  column {column}: only in {'OLD' if was else 'NEW'}")
    for sign, keys in (("+", d.added), ("-", d.removed)):
        lines += [f"  {sign} {', '.join(map(_shown, key))}" for key in keys]
    last = None
    for change in d.changed:
        if change.key != last:
            lines.append(f"  ~ {', '.join(map(_shown, change.key))}")
        last = change.key
        lines.append(f"      {change.column}: {_shown(change.old)} -> {_shown(change.new)}")
    return lines


def report(found: Sequence[Difference], missing: Sequence[str] = ()) -> str:
    """Write all differences for people: a summary, the record, the views, the version step.

    `missing` names what went or changed without a correction.
    """
    if not found:
        return "Nothing differs."
    parts = {schema: [d for d in found if d.schema == schema] for schema in _HEADINGS}
    record, views = (_counted(part) for part in parts.values())
    lines = [f"The record: rows {record}; the views: rows {views}."]
    for schema, part in parts.items():
        if part:
            lines += ["", f"== {_HEADINGS[schema]}"]
        for d in part:
            lines += ["", *_told(d)]
    step, grounds = version_step(found)
    lines += ["", f"Version step: {step}" + (f" ({'; '.join(grounds)})" if grounds else "")]
    lines.append(
        "A correction is a patch; a new row is minor; a changed or removed column is major "
        "(before 1.0.0 minor)."
    )
    if missing:
        lines += ["", "Changed or gone without a row in corrections.csv:"]
        lines += [f"  {cell}" for cell in missing]
    return "\n".join(lines)


def as_data(found: Sequence[Difference], missing: Sequence[str] = ()) -> dict:
    """Give the same for programs: version step, differences, and what has no correction."""
    return {
        "version_step": version_step(found)[0],
        "differences": [asdict(d) for d in found],
        "uncorrected": list(missing),
    }
