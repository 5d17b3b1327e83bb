"""The tables and views of a release in the formats that people's tools read.

Every writer takes a connection that is open on a built database, and the folder to write to. Rows
stand in the order of their key, columns in declared order, and the same database gives the same
bytes. What a type becomes:

| declared | Parquet | CSV | SQLite | Excel |
|---|---|---|---|---|
| string | VARCHAR | text | TEXT | text |
| integer, bigint | INT32, INT64 | digits | INTEGER | number |
| numeric | DECIMAL | digits with a point | REAL | number |
| boolean | BOOLEAN | true, false | INTEGER, 1 or 0 | TRUE, FALSE |
| date | DATE | YYYY-MM-DD | TEXT, YYYY-MM-DD | date |
| timestamp | TIMESTAMP | YYYY-MM-DDTHH:MM:SS | TEXT, the same | date and time |
| no value | NULL | nothing between the commas | NULL | an empty cell |

An empty text is `""` in a CSV and an empty text in Parquet and SQLite, so that it is told from no
value; Excel cannot tell them apart, and no release holds an empty text.
"""

import csv
import json
import sqlite3
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from strike_ledger.declarations import REPORTS, Table, tables
from strike_ledger.explain import INTERMEDIATE
from strike_ledger.reading import DATABASE, SCHEMAS, connect, quoted, released, rows_of

if TYPE_CHECKING:
    from xlsxwriter import Workbook

_SQLITE_TYPES = {"string": "TEXT", "date": "TEXT", "timestamp": "TEXT", "numeric": "REAL"}
_WIDEST = 60  # characters of a column of a sheet
# An event with the place at which a map draws it, one row each. Of several places that as many
# witnesses give, each is drawn; where that is not at one point, the event has none.
_EVENTS = """
    with drawn as (
        select
            said.event_id,
            case
                when count(distinct places.drawn_at_id) = 1
                    and count(*) = count(places.drawn_at_id) then max(places.drawn_at_id)
            end as location_id,
            case when count(*) = 1 then max(places.drawn_basis) else 'around' end as drawn_basis
        from intermediate.int_event_values_ranked as said
        inner join marts.dim_locations as places
            on said.value_location_id = places.location_id
        where said.topic = 'place' and said.is_in_front
        group by said.event_id
    )

    select
        events.event_id, events.event, events.event_kind, events.event_status, events.summary,
        events.attackers, events.struck, events.from_date, events.to_date, events.date_precision,
        events.places, points.location as drawn_at, points.coordinate_precision,
        case when points.location is not null then drawn.drawn_basis end as drawn_basis,
        events.passages, points.longitude, points.latitude
    from marts.fct_events as events
    left join drawn on events.event_id = drawn.event_id
    left join marts.dim_locations as points on drawn.location_id = points.location_id
    order by events.event_id
"""


def _ordered(table: Table) -> str:
    """Give the query for all rows of a table, in the order of its key."""
    key = ", ".join(table.primary_key)
    return f"select * from {SCHEMAS[table.folder]}.{table.name} order by {key}"  # noqa: S608


def _rows(connection: duckdb.DuckDBPyConnection, table: Table) -> list[tuple]:
    return connection.execute(_ordered(table)).fetchall()


def one_sentence(text: str) -> str:
    """Give the first sentence of a description: what one row is."""
    return text.partition(". ")[0].rstrip(".") + "."


def write_parquet(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write parquet/NAME.parquet for every table and view of the release."""
    (folder / "parquet").mkdir(parents=True)
    for name, table in released().items():
        path = folder / "parquet" / f"{name}.parquet"
        connection.execute(f"copy ({_ordered(table)}) to {quoted(str(path))} (format parquet)")


def write_csv(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write csv/NAME.csv for every table and view: UTF-8, comma, a header, ends of line LF."""
    (folder / "csv").mkdir(parents=True)
    for name, table in released().items():
        path = folder / "csv" / f"{name}.csv"
        connection.execute(
            f"copy ({_ordered(table)}) to {quoted(str(path))} "
            "(format csv, header, timestampformat '%Y-%m-%dT%H:%M:%S')"
        )


def write_hxl(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write hxl/NAME.csv for each view whose columns are tagged, the tags in the second row."""
    (folder / "hxl").mkdir(parents=True)
    for name, table in tables(REPORTS).items():
        tags = [column.hxl for column in table.columns]
        if not all(tags):
            continue
        with (folder / "hxl" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerows([table.column_names, tags, *_rows(connection, table)])


def _for_sqlite(value: object) -> object:
    """Give a value as SQLite keeps it; the module's table says what becomes of which type."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def _sqlite_definition(table: Table) -> str:
    """Give the CREATE TABLE of a table with its keys and, as comments, its descriptions."""
    lines = [
        f'"{c.name}" {_SQLITE_TYPES.get(c.base_type, "INTEGER")}{" NOT NULL" * c.required}'
        for c in table.columns
    ]
    lines.append(f"PRIMARY KEY ({', '.join(table.primary_key)})")
    lines += [
        f'FOREIGN KEY ("{c.name}") REFERENCES "{c.target[0]}" ("{c.target[1]}")'
        for c in table.columns
        if c.target
    ]
    told = [" ".join(c.description.split()) for c in table.columns]
    told += [""] * (len(lines) - len(told))
    ends = [","] * (len(lines) - 1) + [""]
    body = "\n".join(
        f"  {line}{end}{' -- ' * bool(text)}{text}"
        for line, end, text in zip(lines, ends, told, strict=True)
    )
    return f'CREATE TABLE "{table.name}" ( -- {one_sentence(table.description)}\n{body}\n)'


def write_sqlite(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write strike_ledger.sqlite with every table and view as a table, keys declared."""
    path = folder / f"{DATABASE.stem}.sqlite"
    with sqlite3.connect(path) as target:
        for name, table in released().items():
            target.execute(_sqlite_definition(table))
            marks = ", ".join("?" for _ in table.columns)
            target.executemany(
                f'INSERT INTO "{name}" VALUES ({marks})',  # noqa: S608
                ([_for_sqlite(value) for value in row] for row in _rows(connection, table)),
            )
    target.close()


def _write_sheet(
    book: "Workbook", name: str, header: list[str], rows: list[tuple], day: Any
) -> None:
    """Write a sheet: header in bold and frozen, a filter, columns as wide as what they hold."""
    sheet = book.add_worksheet(name)
    sheet.write_row(0, 0, header, book.add_format({"bold": True, "bottom": 1}))
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(number, place, value, day[isinstance(value, datetime)])
            elif isinstance(value, str):
                sheet.write_string(number, place, value)
            elif value is not None:
                sheet.write(number, place, value)
    for place, title in enumerate(header):
        longest = max([len(title) + 3, *(len(str(row[place] or "")) for row in rows)])
        sheet.set_column(place, place, min(longest, _WIDEST))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(header) - 1)


def write_excel(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write strike_ledger.xlsx: what it is, a sheet for each view, and what each column means."""
    from xlsxwriter import Workbook

    views = tables(REPORTS)
    (about,) = rows_of(connection, "select * from about")
    explained = [
        *(
            (name, value)
            for name, value in about.items()
            if name not in ("git_commit", "sources_read", "episodes_read")
        ),
        (None, None),
        ("An empty cell", "is unknown or was not recorded. It is never zero."),
        ("low, best, high", "are a range that published rules make of the reports: RULES.md."),
        ("The sheet columns", "says of each column of each sheet what it means."),
        (None, None),
        *((name, view.description) for name, view in views.items()),
    ]
    columns = [
        (name, c.name, c.base_type, c.description) for name, t in views.items() for c in t.columns
    ]
    with Workbook(folder / f"{DATABASE.stem}.xlsx") as book:
        book.set_properties(
            {"title": about["citation"], "created": datetime(2024, 1, 1, tzinfo=UTC)}
        )
        day = {
            False: book.add_format({"num_format": "yyyy-mm-dd"}),
            True: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        }
        first = book.add_worksheet("read me")
        bold = book.add_format({"bold": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        first.set_column(0, 0, 28, bold)
        first.set_column(1, 1, 100, wrapped)
        for number, (name, text) in enumerate(explained):
            if name:
                first.write_string(number, 0, name, bold)
                first.write_string(number, 1, str(text), wrapped)
        for name, view in views.items():
            _write_sheet(book, name, view.column_names, _rows(connection, view), day)
        _write_sheet(book, "columns", ["view", "column", "type", "meaning"], columns, day)


def write_geojson(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write events.geojson: a feature for each event, without geometry where no place is known."""
    found = connection.execute(_EVENTS)
    names = [column[0] for column in found.description]
    features = []
    for row in found.fetchall():
        *values, longitude, latitude = (_for_sqlite(value) for value in row)
        point = {"type": "Point", "coordinates": [longitude, latitude]}
        features.append(
            {
                "type": "Feature",
                "id": values[0],
                "geometry": None if longitude is None else point,
                "properties": dict(zip(names, values, strict=False)),
            }
        )
    whole = {"type": "FeatureCollection", "features": features}
    text = json.dumps(whole, ensure_ascii=False, indent=1) + "\n"
    (folder / "events.geojson").write_text(text, encoding="utf-8")


def write_geoparquet(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write events_geo.parquet: the same as GeoParquet, points in longitude and latitude."""
    events = connection.sql(_EVENTS)  # noqa: F841  DuckDB finds it by its name
    connection.execute(
        "copy (select * exclude (longitude, latitude), "  # noqa: S608
        "('POINT(' || longitude || ' ' || latitude || ')')::geometry as geometry from events) "
        f"to {quoted(str(folder / 'events_geo.parquet'))} (format parquet)"
    )


if __name__ == "__main__":
    with connect(sys.argv[1]) as built:
        write_parquet(built, Path(sys.argv[2]))
        for view in INTERMEDIATE:
            to = quoted(f"{sys.argv[2]}/parquet/{view}.parquet")
            built.execute(f"copy (from intermediate.{view} order by all) to {to} (format parquet)")
