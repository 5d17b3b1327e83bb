"""An import of UCDP rows: nothing lost on the way, nothing half-done, everything as declared."""

import csv
import gzip
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.progress import Progress

from strike_ledger import imports
from strike_ledger.cli import main
from strike_ledger.declarations import PROJECT, RECORD, loaded_tables, tables
from strike_ledger.imports import (
    DATASETS,
    Imported,
    ImportFailedError,
    Layout,
    _columns,
    _Import,
    import_files,
    ucdp,
)

EXTRACT = PROJECT / "tests/imports/ucdp_ged_irq_extract.csv"
D = "ucdp_ged_25_1"
Row = dict[str, str]


def _extract() -> tuple[list[str], list[str], list[Row]]:
    """Give the header, the tags and the rows of the extract."""
    with EXTRACT.open(encoding="utf-8", newline="") as file:
        header, tags, *rows = csv.reader(file)
    return header, tags, [dict(zip(header, row, strict=True)) for row in rows]


HEADER, TAGS, ROWS = _extract()


def _csv(rows: list[Row], header: list[str] | None = HEADER, end: str = "\n") -> str:
    """Write rows as a CSV; without a header, in the order of the UCDP's own files."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator=end)
    if header:
        writer.writerow(header)
    columns = header or ucdp._STANDARD
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return written.getvalue()


def _imported(folder: Path, text: str | bytes, **options: object) -> Imported:
    """Import a file of the version 25.1 with this content into folder/into."""
    path = folder / "GEDEvent_v25_1.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return import_files("ucdp", [path], folder / "into", **options)


def _rows(into: Path, table: str) -> list[dict]:
    """Give the rows of a table as written."""
    found = duckdb.sql(
        f"from read_parquet('{into}/{table}/**/*.parquet', hive_partitioning = false) order by all"
    )
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def _everything(into: Path) -> dict[str, list[dict]]:
    return {table: _rows(into, table) for table in tables(RECORD)}


def _files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _rejects(done: Imported) -> list[Row]:
    with done.rejects.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """Import the extract as it is, and give what was done and every table."""
    into = tmp_path_factory.mktemp("whole") / "into"
    done = import_files("ucdp", [EXTRACT], into, version="25.1")
    return SimpleNamespace(done=done, into=into, tables=_everything(into))


# --- what a row becomes -----------------------------------------------------------------------


def test_every_row_of_the_extract_is_taken(whole: SimpleNamespace) -> None:
    """Rows in are rows out, each under its own number, in each table that has a row for it."""
    assert (whole.done.n_in, whole.done.n_out, whole.done.n_rejected) == (len(ROWS), len(ROWS), 0)
    numbers = sorted(row["id"] for row in ROWS)
    for table in ("events", "statements"):
        assert sorted(row["original_id"] for row in whole.tables[table]) == numbers
    for table in ("passages", "propositions", "citations", "claims", "event_actors", "casualties"):
        told = {row["original_id"] for row in whole.tables[table]} - {None}
        assert sorted(told) == numbers, table
    for table, rows in whole.tables.items():
        assert whole.done.rows[table] == len(rows)
        assert {(r["dataset_version"], r["licence"]) for r in rows} <= {("25.1", "CC BY 4.0")}
    assert not (whole.into / "rejects").exists()


@pytest.mark.parametrize("name", sorted(tables(RECORD)))
def test_every_table_is_there_with_its_typed_columns(whole: SimpleNamespace, name: str) -> None:
    """A model reads each table of the record, also one of which the dataset has no row."""
    path = whole.into / name / f"dataset={D}"
    found = duckdb.sql(f"describe from read_parquet('{path}/*.parquet', hive_partitioning = false)")
    written = {column: kind.lower() for column, kind, *_ in found.fetchall()}
    declared = {
        c: re.sub("^numeric", "decimal", t) for c, t in _columns(tables(RECORD)[name]).items()
    }
    assert list(written) == list(declared)
    assert written == declared
    lineage = ["original_id", "dataset_version", "licence"]
    if name in ("events", "responses"):
        lineage.insert(1, "original_code")
    names = tables(RECORD)[name].column_names  # sources have a licence of their own
    assert list(written) == [*names, *(column for column in lineage if column not in names)]


def _of(whole: SimpleNamespace, table: str, number: str) -> list[dict]:
    """Give what a row became in a table, without what is empty and what is on every row."""
    always = {"original_id", "dataset_version", "licence", "episode_id"}
    return [
        {c: v for c, v in row.items() if v is not None and c not in always}
        for row in whole.tables[table]
        if row["original_id"] == number
    ]


def test_a_row_against_civilians_as_written_by_hand(whole: SimpleNamespace) -> None:
    """The attacker is one that the record knows, by its number of the UCDP."""
    row = next(r for r in ROWS if r["type_of_violence"] == "3" and r["side_a"] == "IS")
    number, place = row["id"], row["where_coordinates"]
    event, statement = f"evt_{D}_{number}", f"stm_{D}_{number}"
    assert _of(whole, "events", number) == [
        {
            "event_id": event,
            "kind": "attack",
            "status": "happened",
            "label": f"Violence: IS against civilians, {place}",
            "summary": f"Deadly violence, IS against civilians, {place}, Iraq.",
            "original_code": "3",
        }
    ]
    assert _of(whole, "event_actors", number) == [
        {"event_id": event, "actor_id": "act_iraq", "role": "on_soil_of"},
        {"event_id": event, "actor_id": "act_islamic_state", "role": "attacker"},
        {"event_id": event, "actor_id": "act_ucdp_civilians", "role": "struck"},
    ]
    (said,) = _of(whole, "statements", number)
    assert (said["claimant_id"], said["form"]) == ("act_ucdp", "dataset_row")
    assert f"low {row['low']}, best {row['best']}, high {row['high']}." in said["summary"]
    assert {"said_from_date", "said_to_date"}.isdisjoint(said)
    passage = f"psg_{D}_{number}"
    assert _of(whole, "passages", number) == [
        {
            "passage_id": passage,
            "source_id": f"src_{D}",
            "locator_kind": "row",
            "locator": number,
        }
    ]
    cited = {(c["cited_table"], c["cited_id"], c["role"]) for c in _of(whole, "citations", number)}
    assert cited == {("events", event, "originates"), ("statements", statement, "originates")}
    day, where = _of(whole, "propositions", number)
    assert (str(day["value_from_date"]), str(day["value_to_date"])) == (
        row["date_start"],
        row["date_end"],
    )
    claimed = {
        (c["statement_id"], c["target_id"], c["stance"]) for c in _of(whole, "claims", number)
    }
    assert claimed == {
        (statement, day["proposition_id"], "asserts"),
        (statement, where["proposition_id"], "asserts"),
    }


def test_sides_that_fought_take_part(whole: SimpleNamespace) -> None:
    """The file does not tell who attacked. A government is our state, by its number or country."""
    for row in ROWS:
        roles = {(a["actor_id"], a["role"]) for a in _of(whole, "event_actors", row["id"])}
        if row["type_of_violence"] != "3":
            assert Counter(role for _, role in roles) == {"participant": 2, "on_soil_of": 1}
        known = {
            "Government of Iraq": "act_iraq",
            "Government of Iran": "act_iran",
            "Government of Turkey": "act_turkey",
            "Government of Kuwait": "act_kuwait",
            "KDP": "act_kurdistan_democratic_party",
            "PKK": "act_ucdp_323",
        }
        for side in (row["side_a"], row["side_b"]):
            if side in known:
                assert known[side] in {actor for actor, _ in roles}


def test_actors_are_new_only_where_the_record_has_none(whole: SimpleNamespace) -> None:
    """A curated row is referred to, never written again; three governments are no one state."""
    actors = {row["actor_id"]: row for row in whole.tables["actors"]}
    assert all(re.fullmatch(r"act_ucdp_(\d+|civilians)", actor) for actor in actors)
    assert actors["act_ucdp_civilians"]["kind"] == "population_group"
    assert actors["act_ucdp_323"]["kind"] == "armed_group"
    several = actors["act_ucdp_3822"]
    assert (several["kind"], several["country"]) == ("government", None)


def _casualties(row: Row) -> dict[str, tuple]:
    """Say anew, in Python, which figures a row has: low, high, best, qualifier, status of each."""
    low, best, high = (int(row[c]) for c in ("low", "best", "high"))
    least, most = min(low, best, high), max(low, best, high)
    told = {"total": (least, most, best, "exactly" if least == most else "between", "not_stated")}
    is_government = {s: row[f"side_{s}"].startswith("Government of ") for s in "ab"}
    status = {s: "security_forces" if is_government[s] else "armed_group_member" for s in "ab"}
    if row["type_of_violence"] == "3":
        status["b"] = "civilian"
    status["civilians"] = "civilian"
    unknown = int(row["deaths_unknown"])
    for part, of_status in status.items():
        n = int(row[f"deaths_{part}"])
        if n > 0 or unknown == 0:
            told[part] = (n, n, None, "at_least" if unknown else "exactly", of_status)
    return told


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_figures_of_each_row(whole: SimpleNamespace, row: Row) -> None:
    """Low above best comes out as least and greatest, and the wording keeps what the file has."""
    found = {}
    for cell in _of(whole, "casualties", row["id"]):
        part = cell["casualty_id"].rpartition("_")[2]
        found[part] = tuple(
            cell.get(c) for c in ("figure_low", "figure_high", "figure_best", "qualifier", "status")
        )
        if part == "total":
            told = f"low {row['low']}, best {row['best']}, high {row['high']}"
            assert cell["wording"] == told
            assert "part_of_id" not in cell
        else:
            assert cell["wording"] == f"deaths_{part} {row[f'deaths_{part}']}"
            assert cell["part_of_id"].endswith(f"{row['id']}_total")
            assert cell["divided_by"] == "status"
        assert cell["status_basis"] == ("not_stated" if part == "total" else "stated")
    assert found == _casualties(row)


def test_the_extract_has_rows_whose_low_is_above_best(whole: SimpleNamespace) -> None:
    """They are counted in what is printed."""
    n = sum(int(row["low"]) > int(row["best"]) for row in ROWS)
    assert n >= 3
    assert f"  {n} rows have low above best" in str(whole.done)


PRECISIONS = [
    ("2014-01-24", "2014-01-24", "day"),
    ("2014-01-24", "2014-01-25", "days"),
    ("2014-01-24", "2014-01-29", "days"),
    ("2014-01-24", "2014-01-30", "week"),
    ("2014-01-24", "2014-01-31", "bounded"),
    ("2014-02-01", "2014-02-28", "month"),
    ("2014-02-01", "2014-02-10", "part_of_month"),
    ("2014-02-11", "2014-02-20", "part_of_month"),
    ("2014-02-21", "2014-02-28", "part_of_month"),
    ("2014-01-01", "2014-12-31", "year"),
    ("2014-01-01", "2014-03-31", "bounded"),
]


def test_precision_of_a_day(tmp_path: Path) -> None:
    """It follows from the interval: the file's own steps are not ours."""
    _imported(
        tmp_path,
        _csv(
            [
                ROWS[0] | {"id": str(n), "date_start": first, "date_end": last}
                for n, (first, last, _) in enumerate(PRECISIONS)
            ]
        ),
    )
    told = ("value_from_date", "value_to_date", "value_date_precision")
    days = [p for p in _rows(tmp_path / "into", "propositions") if p["topic"] == "date"]
    assert sorted(tuple(str(p[c]) for c in told) for p in days) == sorted(PRECISIONS)
    (episode,) = _rows(tmp_path / "into", "episodes")
    assert (str(episode["from_date"]), str(episode["to_date"])) == ("2014-01-01", "2014-12-31")


CERTAINTIES = [
    ("1", "1", "unhedged", "unhedged"),
    ("2", "1", "unhedged", "possible"),
    ("5", "1", "unhedged", "possible"),
    ("6", "1", "unhedged", "unhedged"),
    ("1", "2", "possible", "possible"),
    ("1", "", "unhedged", "unhedged"),
]


def test_certainty(tmp_path: Path) -> None:
    """A row drawn from a summary is possible, and so is a place that stands for another."""
    _imported(
        tmp_path,
        _csv(
            [
                ROWS[0] | {"id": str(n), "where_prec": exactness, "event_clarity": clarity}
                for n, (exactness, clarity, *_) in enumerate(CERTAINTIES)
            ]
        ),
    )
    claims = {c["target_id"]: c["certainty"] for c in _rows(tmp_path / "into", "claims")}
    for number, (*_, day, place) in enumerate(CERTAINTIES):
        assert claims[f"prp_{D}_{number}_date"] == day
        assert claims[f"prp_{D}_{number}_place"] == place


PLACES = [
    ("Mosul town", "1", "city", "locality"),
    ("Baghdād city", "2", "city", "locality"),
    ("Ālbū Bālī village", "1", "village", "locality"),
    ("Al Qayyarah Military Base", "1", "site", "exact"),
    ("Al Qayyarah Military Base", "2", "site", "locality"),
    ("Mosul Dam Lake", "1", "region", "area"),
    ("Northern Iraq", "1", "region", "area"),
    ("Jumaylah", "1", "village", "locality"),
    ("Mandalī district", "3", "admin2", "area"),
    ("Nīnawá province", "4", "admin1", "area"),
    ("Iraq-Syria border", "5", "region", "area"),
    ("Iraq", "6", "country", "area"),
    ("Persian Gulf", "7", "sea", "area"),
    ("Dūkān lake", "7", "region", "area"),
]


def test_kind_of_a_place(tmp_path: Path) -> None:
    """It is told by where_prec and the wording of the name."""
    _imported(
        tmp_path,
        _csv(
            [
                ROWS[0] | {"id": str(n), "where_coordinates": name, "where_prec": exactness}
                for n, (name, exactness, *_) in enumerate(PLACES)
            ]
        ),
    )
    places = _rows(tmp_path / "into", "locations")
    found = sorted((p["name"], p["kind"], p["coordinate_precision"]) for p in places)
    assert found == sorted((name, kind, precision) for name, _, kind, precision in PLACES)
    assert {(p["passage_id"], p["coordinate_passage_id"]) for p in places} == {(f"psg_{D}",) * 2}


def test_two_rows_at_one_place_have_one_location(whole: SimpleNamespace) -> None:
    """A place is told by its names, its coordinates and how exact they are."""
    told = ("where_coordinates", "adm_1", "adm_2", "latitude", "longitude", "where_prec")
    assert len(whole.tables["locations"]) == len({tuple(row[c] for c in told) for row in ROWS})


def test_a_place_without_coordinates_has_none_of_the_four(tmp_path: Path) -> None:
    """Coordinates come with their precision and their passage, or not at all."""
    _imported(tmp_path, _csv([ROWS[0] | {"latitude": "", "longitude": ""}]))
    (place,) = _rows(tmp_path / "into", "locations")
    four = ("latitude", "longitude", "coordinate_precision", "coordinate_passage_id")
    assert [place[column] for column in four] == [None] * 4


# The first-level areas of Iraq as the file spells them: each was looked at.
IRAQ = {
    "Al Anbār province": "Al-Anbar",
    "Al Başrah  province": "Al-Basrah",
    "Al Muthanná province": "Al-Muthanna",
    "Al Qādisīyah province": "Al-Qadissiya",
    "An Najaf province": "Al-Najaf",
    "Arbīl province": "Erbil",
    "As Sulaymānīyah province": "Al-Sulaymaniyah",
    "At-Ta'mim province": "Kirkuk",
    "Baghdād province": "Baghdad",
    "Bābil province": "Babil",
    "Dahūk province": "Duhok",
    "Dhī Qār province": "Thi Qar",
    "Diyālá province": "Diyala",
    "Karbalā\N{RIGHT SINGLE QUOTATION MARK} province": "Kerbala",
    "Kirkūk province": "Kirkuk",
    "Maysān  province": "Maysan",
    "Nīnawá province": "Ninewa",
    "Wāsiţ province": "Wassit",
    "Şalāḩ ad Dīn province": "Salah Al-Din",
    "Western Azerbaijan": None,  # as like one name as another
    "Atlantis": None,
}


def test_areas_of_iraq(tmp_path: Path) -> None:
    """Each leads to its p-code by its own name, by another name of it, or by a near spelling."""
    rows = [
        ROWS[0] | {"id": str(n), "adm_1": area, "where_coordinates": f"place {n}"}
        for n, area in enumerate(IRAQ)
    ]
    done = _imported(tmp_path, _csv(rows))
    with (PROJECT / "seeds/pcodes.csv").open(encoding="utf-8") as file:
        names = {row["pcode"]: row["name"] for row in csv.DictReader(file)}
    found = {p["name"]: names.get(p["admin1_pcode"]) for p in _rows(tmp_path / "into", "locations")}
    assert found == {f"place {n}": name for n, name in enumerate(IRAQ.values())}
    assert "no p-code was found for: Atlantis (IRQ), Western Azerbaijan (IRQ)" in str(done)


def test_state_numbers_agree_with_the_vocabulary() -> None:
    """Where the Correlates of War number a state as Gleditsch and Ward do, it is the same state."""
    with (PROJECT / "strike_ledger/imports/states.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    numbers = [int(row["gw_number"]) for row in rows]
    assert all(before < after for before, after in pairwise(numbers))
    assert all(re.fullmatch("[A-Z]{3}", row["iso3"]) for row in rows)
    states = {row["gw_number"]: row["iso3"] for row in rows}
    with (PROJECT / "seeds/countries.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["cow_number"]:
                assert states[row["cow_number"]] == row["iso3"]
    # Numbers that a library has wrong, or lacks.
    wrong = {"678": "YEM", "816": "VNM", "345": "SRB", "316": "CZE", "260": "DEU"}
    assert {number: states[number] for number in wrong} == wrong


def test_a_country_that_the_vocabulary_lacks(tmp_path: Path) -> None:
    """It keeps its ISO code, and is a state of its own."""
    row = ROWS[0] | {"country": "DR Congo (Zaire)", "country_id": "490", "iso3": ""}
    _imported(tmp_path, _csv([row]))
    (state,) = (a for a in _rows(tmp_path / "into", "actors") if a["kind"] == "state")
    assert (state["actor_id"], state["name"], state["country"]) == (
        "act_state_cod",
        "DR Congo (Zaire)",
        "COD",
    )
    (place,) = _rows(tmp_path / "into", "locations")
    assert place["country"] == "COD"


def test_unknown_figures(tmp_path: Path) -> None:
    """-1 and an empty cell are not known: no figure, no part, and a part is at least its number."""
    unknown = dict.fromkeys(("low", "best", "high", "deaths_a", "deaths_unknown"), "-1")
    rows = [
        ROWS[0] | unknown | {"id": "1", "deaths_b": "3", "deaths_civilians": ""},
        ROWS[0] | {"id": "2", "low": "-1", "best": "4", "high": "9"},
    ]
    done = _imported(tmp_path, _csv(rows))
    shown = ("casualty_id", "figure_low", "figure_high", "figure_best", "qualifier", "wording")
    told = {row["casualty_id"]: row for row in _rows(tmp_path / "into", "casualties")}
    assert [
        told[f"cas_{D}_{of}"][c] for of in ("1_total", "1_b", "2_total") for c in shown[1:]
    ] == [
        *(None, None, None, "no_figure", "low -1, best -1, high -1"),
        *(3, 3, None, "at_least", "deaths_b 3"),
        *(4, 9, 4, "between", "low -1, best 4, high 9"),
    ]
    assert not {f"cas_{D}_1_a", f"cas_{D}_1_civilians"} & set(told)
    assert "1 rows have no best figure" in str(done)


def test_parts_that_exceed_their_total_are_left_out(tmp_path: Path) -> None:
    """A part is never more than its whole: the rule of casualties.yml."""
    row = ROWS[0] | {"deaths_a": "5", "deaths_b": "5", "low": "8", "best": "8", "high": "9"}
    done = _imported(tmp_path, _csv([row]))
    (total,) = _rows(tmp_path / "into", "casualties")
    assert total["casualty_id"].endswith("_total")
    assert "1 rows have parts that exceed their total" in str(done)


def test_rules_of_the_record_hold(whole: SimpleNamespace) -> None:
    """What an import writes breaks no row rule that curated rows are held to."""
    broken = []
    with duckdb.connect() as connection:
        for table in loaded_tables().values():
            types = {name: _columns(table)[name] for name in table.column_names}
            columns = ", ".join(table.column_names)
            query = (
                f"select {columns}, false as is_imported from read_csv('{PROJECT / table.file}', "
                f"header = true, auto_detect = false, delim = ',', quote = '\"', columns = {types})"
            )
            if table.folder == RECORD:
                query += (
                    f" union all select {columns}, true from read_parquet("
                    f"'{whole.into}/{table.name}/**/*.parquet', hive_partitioning = false)"
                )
            connection.execute(f"create table {table.name} as {query}")
        for table in tables(RECORD).values():
            for rule in table.rules:
                found = connection.execute(
                    f"select * from {table.name} as this "
                    f"where is_imported and not coalesce(({rule.holds}), true)"
                ).fetchall()
                broken += [(table.name, rule.problem, row) for row in found]
    assert broken == []


# --- files as they come -----------------------------------------------------------------------


def _packed(name: str, content: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return written.getvalue()


def _with_times(text: str) -> str:
    return re.sub(r"(,\d{4}-\d\d-\d\d)(?=,\d{4}-\d\d-\d\d,\d)", r"\1 00:00:00.000", text)


_SHUFFLED = sorted(HEADER, key=lambda column: column[::-1])
_OLD = {"side_a_new_id": "side_a_id", "side_b_new_id": "side_b_id"}
_OTHER_FORMS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "as it is": ("x.csv", EXTRACT.read_bytes),
    "without tags": ("x.csv", lambda: _csv(ROWS, end="\r\n").encode()),
    "with a byte order mark": ("x.csv", lambda: b"\xef\xbb\xbf" + _csv(ROWS).encode()),
    "columns in another order": ("x.csv", lambda: _csv(ROWS, _SHUFFLED).encode()),
    "names of older versions": (
        "x.csv",
        lambda: _csv(ROWS).replace("_new_id", "_id", 4).encode(),
    ),
    "names in capitals": (
        "x.csv",
        lambda: _csv(ROWS).replace(",".join(HEADER), ",".join(HEADER).upper()).encode(),
    ),
    "the columns of the UCDP": ("x.csv", lambda: _csv(ROWS, ucdp._STANDARD).encode()),
    "without a header": ("x.csv", lambda: _csv(ROWS, None).encode()),
    "days with a time": ("x.csv", lambda: _with_times(_csv(ROWS)).encode()),
    "numbers with a point": (
        "x.csv",
        lambda: _csv(
            [
                r | {c: r[c] + ".0" for c in ("id", "side_a_new_id", "best", "where_prec")}
                for r in ROWS
            ]
        ).encode(),
    ),
    "blanks around cells": (
        "x.csv",
        lambda: _csv([{c: f" {v}\N{NO-BREAK SPACE}" for c, v in r.items()} for r in ROWS]).encode(),
    ),
    "tabs": (
        "x.tsv",
        lambda: (
            "\n".join(
                "\t".join(" ".join(cell.split()) for cell in row)
                for row in [HEADER, *(list(r.values()) for r in ROWS)]
            )
            .replace('"', "")
            .encode()
        ),
    ),
    "gzip": ("x.csv.gz", lambda: gzip.compress(EXTRACT.read_bytes())),
    "zip": ("x.zip", lambda: _packed("ged251.csv", EXTRACT.read_bytes())),
    "blank lines between rows": ("x.csv", lambda: _csv(ROWS).replace("\n", "\n\n").encode()),
}


@pytest.mark.parametrize("form", _OTHER_FORMS)
def test_the_same_rows_in_another_form(whole: SimpleNamespace, tmp_path: Path, form: str) -> None:
    """Every form in which the rows are handed out gives the same tables, to the cell."""
    name, content = _OTHER_FORMS[form]
    path = tmp_path / name
    path.write_bytes(content())
    done = import_files("ucdp", [path], tmp_path / "into", version="25.1")
    assert (done.n_in, done.n_rejected) == (len(ROWS), 0)
    assert _everything(tmp_path / "into") == whole.tables


def test_several_files_are_one_dataset(whole: SimpleNamespace, tmp_path: Path) -> None:
    """Such as the months of candidates, of which one has a header and the other none."""
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text(_csv(ROWS[:20]), encoding="utf-8")
    second.write_text(_csv(ROWS[20:], None), encoding="utf-8")
    done = import_files("ucdp", [first, second], tmp_path / "into", version="25.1")
    assert str(done).startswith(f"{D}: {len(ROWS)} rows in 2 files, {len(ROWS)} taken, 0 rejected")
    assert _everything(tmp_path / "into") == whole.tables


@pytest.mark.parametrize(
    ("names", "version"),
    [
        (["GEDEvent_v25_1.csv"], "25.1"),
        (["GEDEvent_v25_0_3.csv"], "25.0.3"),
        (["gedevent_V24_01_24_09.csv.gz"], "24.01.24.09"),
        (["ged251-csv.zip"], "25.1"),
        (["a/GEDEvent_v25_1.csv", "b/GEDEvent_v25_1.csv"], "25.1"),
    ],
)
def test_the_version_stands_in_the_name(names: list[str], version: str) -> None:
    """It goes into the key of the dataset, and so into every key."""
    found = ucdp.plan("ucdp", [Path(name) for name in names], None)
    assert (found.version, found.dataset) == (version, f"ucdp_ged_{version.replace('.', '_')}")


@pytest.mark.parametrize(
    ("names", "given", "told"),
    [
        (["ucdp_ged_IRQ_hdx_hxl.csv"], None, "does not tell its version: add it"),
        (["GEDEvent_v25_0_3.csv", "GEDEvent_v25_0_4.csv"], None, "several versions"),
        (["GEDEvent_v25_1.csv"], "newest", "'newest' is no version"),
    ],
)
def test_a_version_that_cannot_be_told(names: list[str], given: str | None, told: str) -> None:
    """The error says what to add."""
    with pytest.raises(ImportFailedError, match=told):
        ucdp.plan("ucdp", [Path(name) for name in names], given)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "is empty"),
        ("id,name\n1,x\n", "is no file of UCDP GED: it has no column .*best.*Its first row begins"),
        (_csv(ROWS[:1], [c for c in HEADER if c != "best"]), "has no column best"),
        (
            _csv(ROWS[:1], [c for c in HEADER if c not in ("country_id", "iso3")]),
            "no column country_id",
        ),
        (_csv(ROWS[:1], [*HEADER, "best"]), "has columns twice: best"),
        (_csv(ROWS).encode("utf-16"), "is in UTF-16: save it as UTF-8"),
    ],
)
def test_a_file_of_another_kind(tmp_path: Path, content: str | bytes, told: str) -> None:
    """It is told before anything is read, and nothing is written."""
    with pytest.raises(ImportFailedError, match=told):
        _imported(tmp_path, content)
    assert sorted(path.name for path in (tmp_path / "into").iterdir()) == [".lock"]


def test_a_zip_of_several_files_is_refused(tmp_path: Path) -> None:
    """Which of them is meant, it does not tell."""
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("a.csv", "")
        archive.writestr("b.csv", "")
    with pytest.raises(ImportFailedError, match="holds 2 files, not one"):
        import_files("ucdp", [tmp_path / "x.zip"], tmp_path / "into", version="25.1")
    (tmp_path / "y.zip").write_bytes(b"no archive")
    with pytest.raises(ImportFailedError, match="was not imported: File is not a zip file"):
        import_files("ucdp", [tmp_path / "y.zip"], tmp_path / "into", version="25.1")


# --- rows that cannot be taken ----------------------------------------------------------------

# A change of a row, the column and value that the reject shows, and a word of its reason.
FAULTS = [
    ({"id": ""}, "id", "", "has no id"),
    ({"id": "IRQ-1"}, "id", "IRQ-1", "digits only"),
    ({"type_of_violence": "4"}, "type_of_violence", "4", "1 (a state takes part), 2"),
    ({"date_start": "24/01/2014"}, "date_start", "24/01/2014", "YYYY-MM-DD"),
    ({"date_start": ""}, "date_start", "", "YYYY-MM-DD"),
    ({"date_end": "2014-02-30"}, "date_end", "2014-02-30", "YYYY-MM-DD"),
    ({"date_end": "1999-01-01"}, "date_end", "1999-01-01", "before date_start"),
    ({"latitude": "91"}, "latitude", "91", "no latitude"),
    ({"latitude": "33,35"}, "latitude", "33,35", "no latitude"),
    ({"longitude": "-181"}, "longitude", "-181", "no longitude"),
    ({"longitude": ""}, "latitude", ROWS[0]["latitude"], "one of the two is missing"),
    ({"where_prec": "8"}, "where_prec", "8", "1 to 7"),
    ({"best": "many"}, "best", "many", "no whole number of people"),
    ({"deaths_a": "1.5"}, "deaths_a", "1.5", "no whole number of people"),
    ({"deaths_unknown": "-2"}, "deaths_unknown", "-2", "no whole number of people"),
    ({"country_id": "999", "iso3": ""}, "country_id", "999", "is no country"),
    ({"side_a": "", "side_a_new_id": ""}, "side_a", "", "does not name side A"),
    ({"side_b": "", "side_b_new_id": "-1"}, "side_b", "", "does not name side B"),
]


def test_each_fault_is_told_with_its_line(tmp_path: Path) -> None:
    """Column, value, what would be right, and the row as it is; the other rows are taken."""
    rows = [
        *(ROWS[0] | {"id": str(n)} | change for n, (change, *_) in enumerate(FAULTS)),
        *ROWS[1:4],
    ]
    text = _csv(rows)
    done = _imported(tmp_path, text)
    assert (done.n_in, done.n_out, done.n_rejected) == (len(FAULTS) + 3, 3, len(FAULTS))
    lines = text.splitlines()
    found = _rejects(done)
    for number, (reject, (_, column, value, reason)) in enumerate(zip(found, FAULTS, strict=True)):
        assert reject["file"] == "GEDEvent_v25_1.csv"
        assert reject["line"] == str(number + 2)
        assert (reject["column"], reject["value"]) == (column, value)
        assert reason in reject["reason"]
        assert reject["row"] == lines[number + 1]


def test_a_row_with_several_faults_is_one_reject(tmp_path: Path) -> None:
    """It shows the first of them and tells the reasons of all."""
    done = _imported(tmp_path, _csv([ROWS[0] | {"id": "", "best": "x"}, ROWS[1]]))
    (reject,) = _rejects(done)
    assert reject["column"] == "id"
    assert "has no id; " in reject["reason"]
    assert "no whole number" in reject["reason"]


def test_a_double_id_is_told_with_the_row_that_stands(tmp_path: Path) -> None:
    """The first stands, also where it is written with a point or in another file."""
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text(_csv([ROWS[0], ROWS[1], ROWS[0] | {"best": "99"}]), encoding="utf-8")
    second.write_text(_csv([ROWS[2], ROWS[1] | {"id": ROWS[1]["id"] + ".0"}]), encoding="utf-8")
    done = import_files("ucdp", [first, second], tmp_path / "into", version="25.1")
    assert (done.n_in, done.n_out) == (5, 3)
    assert [(r["file"], r["value"], r["reason"]) for r in _rejects(done)] == [
        ("a.csv", ROWS[0]["id"], "stands already in a.csv, line 2: the first stands"),
        ("b.csv", ROWS[1]["id"], "stands already in a.csv, line 3: the first stands"),
    ]
    (total,) = (
        c
        for c in _rows(tmp_path / "into", "casualties")
        if c["casualty_id"] == f"cas_{D}_{ROWS[0]['id']}_total"
    )
    assert str(total["figure_best"]) == ROWS[0]["best"]


def test_a_first_row_that_is_rejected_stands_in_nobodys_way(tmp_path: Path) -> None:
    """Only rows that are taken have an id of which another would be a double."""
    done = _imported(tmp_path, _csv([ROWS[0] | {"best": "x"}, ROWS[0]]))
    assert (done.n_out, done.n_rejected) == (1, 1)


_PLAIN = next(row for row in ROWS if not any(c in "".join(row.values()) for c in '",\n'))
_BROKEN = {
    "a cell too many": (lambda line: line + b",", "has 46 cells, and the file has 45 columns"),
    "a cell too few": (lambda line: line.rpartition(b",")[0], "has 44 cells"),
    "cut off": (lambda line: line[:40], "cells, and the file has 45 columns"),
    "a mark not closed": (
        lambda line: line.replace(b",Iraq,", b',"Iraq,', 1),
        "a quotation mark is out of place, or is not closed",
    ),
    "a mark out of place": (
        lambda line: line.replace(b",Iraq,", b',"Ir"aq,', 1),
        "a quotation mark is out of place",
    ),
    "not UTF-8": (lambda line: line.replace(b"Iraq", b"Ir\xe2q", 1), "byte 0xE2 is not UTF-8"),
    "a control character": (lambda line: line.replace(b"Iraq", b"Ir\x00q", 1), "control character"),
}


@pytest.mark.parametrize("fault", _BROKEN)
def test_a_row_that_cannot_be_cut_costs_itself_alone(tmp_path: Path, fault: str) -> None:
    """The rows around it are taken, also those whose cells run over several lines."""
    spoil, reason = _BROKEN[fault]
    several = [row for row in ROWS if "\n" in "".join(row.values())]
    assert several
    rows = [several[0], _PLAIN | {"id": "1"}, _PLAIN | {"id": "2"}, several[1], ROWS[-1]]
    text = _csv(rows).encode()
    (line,) = (line for line in text.split(b"\n") if line.startswith(b"1,"))
    spoilt = text.replace(line, spoil(line))
    done = _imported(tmp_path, spoilt)
    assert (done.n_in, done.n_out, done.n_rejected) == (5, 4, 1)
    (reject,) = _rejects(done)
    before = text[: text.index(b"\n1,")].count(b"\n") + 2
    assert (reject["line"], reject["column"]) == (str(before), "(row)")
    assert reason in reject["reason"]
    assert reject["row"] == spoil(line).decode("utf-8", "replace")
    taken = {row["original_id"] for row in _rows(tmp_path / "into", "events")}
    assert taken == {row["id"] for row in rows} - {"1"}


def test_a_line_without_end_is_told_and_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Memory is bounded by what a line may have, whatever the file is."""
    monkeypatch.setattr(imports, "_MAX_LINE_BYTES", 2_000)
    done = _imported(tmp_path, _csv([_PLAIN, _PLAIN | {"id": "1", "source_office": "x" * 9_000}]))
    (reject,) = _rejects(done)
    assert (reject["line"], reject["reason"]) == ("3", "the line has more than 2000 bytes")
    assert reject["row"].startswith("1,") and len(reject["row"]) < 200


def test_where_no_row_can_be_taken_nothing_is_imported(
    whole: SimpleNamespace, tmp_path: Path
) -> None:
    """The rejects are there all the same, to be read."""
    with pytest.raises(ImportFailedError, match="of 2 rows none can be taken; why is told in"):
        _imported(tmp_path, _csv([row | {"best": "x"} for row in ROWS[:2]]))
    assert [path.name for path in (tmp_path / "into/rejects").iterdir()] == [f"{D}.csv"]
    assert not (tmp_path / "into/events").exists()
    with pytest.raises(ImportFailedError, match=r"of 0 rows none can be taken$"):
        _imported(tmp_path, _csv([]))


_CELLS = st.text(st.sampled_from("a1 ,\"'\n\t;0é—\\"), max_size=6)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.lists(_CELLS, min_size=3, max_size=3), min_size=1, max_size=8),
    marks=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_cells_are_cut_as_the_csv_module_writes_them(
    rows: list[list[str]], marks: int, end: str
) -> None:
    """Whatever stands in a cell: marks, separators, ends of line; with the line of each row."""
    rows = [["h", "h", "h"], *(row for row in rows if any(cell.strip() for cell in row))]
    written = io.StringIO()
    csv.writer(written, quoting=marks, lineterminator=end).writerows(rows)
    names = ("a", "b", "c")
    plan = SimpleNamespace(columns=names, layout=lambda path, head: Layout(names, n_headers=1))
    lines, line = [], 1
    for row in rows:
        lines.append(line)
        line += 1 + sum(cell.count("\n") for cell in row)
    with duckdb.connect() as connection, Progress(disable=True) as progress:
        path = Path(imports.tempfile.mkdtemp()) / "x.csv"
        path.write_bytes(written.getvalue().encode())
        at_work = _Import(plan, [path], connection, progress)
        assert at_work.read() == len(rows) - 1
        found = connection.execute("select line, a, b, c from raw order by line").fetchall()
        assert connection.execute("select * from rejects").fetchall() == []
    expected = [
        (n, *(cell.strip(imports._BLANK) or None for cell in row))
        for n, row in zip(lines, rows, strict=True)
    ]
    assert found == expected[1:]


# --- in place, or not at all ------------------------------------------------------------------


def test_codes_stay_text(tmp_path: Path) -> None:
    """An id with a nought in front keeps it, from the file to the last key."""
    _imported(tmp_path, _csv([ROWS[0] | {"id": "0010"}]))
    (event,) = _rows(tmp_path / "into", "events")
    assert (event["event_id"], event["original_id"]) == (f"evt_{D}_0010", "0010")


def test_importing_again_replaces(whole: SimpleNamespace, tmp_path: Path) -> None:
    """The same dataset and version: nothing of the first import is left, nor its rejects."""
    other = import_files("ucdp", [EXTRACT], tmp_path / "into", version="25.0.3")
    beside = _files(tmp_path / "into")
    done = _imported(tmp_path, _csv([*ROWS, ROWS[0]]), is_partitioned=True)
    assert done.rejects.is_file()
    again = _imported(tmp_path, _csv(ROWS[:5]))
    assert (again.n_out, again.rejects) == (5, None)
    assert not done.rejects.exists()
    mine = {
        row["original_id"]
        for row in _rows(tmp_path / "into", "events")
        if f"_{D}_" in row["event_id"]
    }
    assert mine == {row["id"] for row in ROWS[:5]}
    now = _files(tmp_path / "into")
    assert {name: now[name] for name in beside} == beside
    assert {name for name in now if f"dataset={D}" in name} == {
        f"{table}/dataset={D}/rows.parquet" for table in tables(RECORD)
    }
    assert other.dataset == "ucdp_ged_25_0_3"


def test_partitions(whole: SimpleNamespace, tmp_path: Path) -> None:
    """By year and country of the event; what has none is in the first year and country XXX."""
    rows = [
        *ROWS,
        ROWS[0] | {"id": "1", "iso3": "SYR", "date_start": "2015-01-01", "date_end": "2015-01-01"},
    ]
    _imported(tmp_path, _csv(rows), is_partitioned=True)
    into = tmp_path / "into"
    (tmp_path / "flat").mkdir()
    _imported(tmp_path / "flat", _csv(rows))
    assert _everything(into) == _everything(tmp_path / "flat/into")
    expected = {f"year={r['date_start'][:4]}/country={r['iso3']}" for r in rows}
    first = min(r["date_start"] for r in rows)[:4]
    for table in tables(RECORD):
        folders = {
            path.parent.relative_to(into / table / f"dataset={D}").as_posix()
            for path in (into / table).rglob("*.parquet")
        }
        if table in imports._WITHOUT_DAY:
            assert folders == {"."}, table
        elif table == "passages":
            assert folders == expected | {f"year={first}/country=XXX"}
        elif whole.tables[table]:
            assert folders == expected, table
        else:
            assert folders == {f"year={first}/country=XXX"}, table
    (event,) = (into / f"events/dataset={D}/year=2015/country=SYR").glob("*.parquet")
    assert duckdb.sql(
        f"select event_id from read_parquet('{event}', hive_partitioning = false)"
    ).fetchall() == [(f"evt_{D}_1",)]
    assert {row["country"] for row in _rows(into, "locations")} == {"IRQ", "SYR"}


# A change of a table's query that its declaration forbids, and what is told of it.
SPOILT = {
    "a required cell is empty": (
        ("events", "'happened' as status", "null as status"),
        "events.status is empty",
    ),
    "a key of another form": (
        ("events", "'evt_{d}_' || id as event_id", "'EVT ' || id as event_id"),
        r"events.event_id has not the form .*EVT",
    ),
    "a code of no list": (
        ("events", "'attack' as kind", "'skirmish' as kind"),
        "events.kind is not in the list event_kinds: .*skirmish",
    ),
    "a number below its limit": (
        ("casualties", "n_low as figure_low", "-1 as figure_low"),
        "casualties.figure_low is less than 0",
    ),
    "a country of no form": (
        ("locations", "any_value(taken.state) as country", "'Iraq' as country"),
        "locations.country has not the form .*Iraq",
    ),
    "a key twice": (
        ("statements", "'stm_{d}_' || id as statement_id", "'stm_{d}' as statement_id"),
        r"statements has \(statement_id\) twice: .*stm_ucdp",
    ),
    "a passage twice": (
        ("passages", "'row', id,", "'row', '1',"),
        r"passages has \(source_id, locator_kind, locator\) twice",
    ),
    "a reference to nothing": (
        ("statements", "'act_ucdp' as claimant_id", "'act_udcp' as claimant_id"),
        r"statements.claimant_id is not in actors: \['act_udcp'\]",
    ),
    "a reference to nothing in a table that is named": (
        ("citations", "'evt_{d}_' || id, 'originates'", "'evt_' || id, 'originates'"),
        "citations.cited_id is not in events",
    ),
    "a qualifier of no vocabulary": (
        ("casualties", "else 'between'", "else 'amid'"),
        r"casualties.qualifier is not in qualifiers: \['amid'\]",
    ),
    "a row lost": (
        ("events", "from taken", "from taken where id <> (select min(id) from taken)"),
        "57 rows came in, 56 would go out and 0 are rejected: rows are lost",
    ),
    "a number that is none": (
        ("casualties", "n_low as figure_low", "'few' as figure_low"),
        "was not imported: Conversion Error",
    ),
}


@pytest.mark.parametrize("fault", SPOILT)
def test_a_check_that_fails_publishes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """What stood there before stands as it was, to the byte, and nothing is left beside it."""
    _imported(tmp_path, _csv([*ROWS[:5], ROWS[0]]))
    before = _files(tmp_path / "into")
    (table, right, wrong), told = SPOILT[fault]
    query = ucdp._TABLES[table]
    assert right in query
    monkeypatch.setitem(ucdp._TABLES, table, query.replace(right, wrong, 1))
    with pytest.raises(ImportFailedError, match=told):
        _imported(tmp_path, _csv(ROWS))
    assert _files(tmp_path / "into") == before


def test_a_figure_may_be_that_of_a_whole_war(tmp_path: Path) -> None:
    """The limit of curated figures is one for slips of the pen."""
    _imported(tmp_path, _csv([ROWS[0] | {"low": "100", "best": "300000", "high": "500000"}]))
    totals = [c for c in _rows(tmp_path / "into", "casualties") if c["part_of_id"] is None]
    assert [c["figure_high"] for c in totals] == [500_000]


@pytest.mark.parametrize("stop_at", [0, 1, 7, 40])
def test_stopped_while_it_is_put_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop_at: int
) -> None:
    """Whatever was moved goes back: the earlier import stands whole."""
    _imported(tmp_path, _csv([*ROWS[:5], ROWS[0]]))
    before = _files(tmp_path / "into")
    rename, done = Path.rename, []

    def interrupted(self: Path, target: Path) -> Path:
        done.append(self)
        if len(done) == stop_at + 1:
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        _imported(tmp_path, _csv(ROWS))
    monkeypatch.undo()
    assert len(done) > stop_at
    assert _files(tmp_path / "into") == before


def test_only_one_import_at_a_time(tmp_path: Path) -> None:
    """A second into the same folder is told so; what a killed one left is cleared away."""
    into = tmp_path / "into"
    (into / ".import_killed").mkdir(parents=True)
    with (into / ".lock").open("w") as lock:
        imports.fcntl.flock(lock, imports.fcntl.LOCK_EX)
        with pytest.raises(ImportFailedError, match="another import is at work in"):
            _imported(tmp_path, _csv(ROWS[:1]))
    _imported(tmp_path, _csv(ROWS[:1]))
    assert not list(into.glob(".import_*"))


# --- the command ------------------------------------------------------------------------------


def _command(*arguments: object) -> object:
    return CliRunner().invoke(main, ["import", *map(str, arguments)])


def test_the_command_prints_what_it_did(tmp_path: Path) -> None:
    """Rejected rows alone are no failure: they are counted, and told where to read of."""
    path = tmp_path / "GEDEvent_v25_1.csv"
    path.write_text(_csv([*ROWS, ROWS[0]]), encoding="utf-8")
    ran = _command("ucdp", path, "--into", tmp_path / "into")
    assert ran.exit_code == 0, ran.output
    assert f"{D}: {len(ROWS) + 1} rows in 1 file, {len(ROWS)} taken, 1 rejected\n" in ran.output
    assert f"the rejected rows, with line and reason: {tmp_path}/into/rejects/{D}.csv" in ran.output
    assert re.search(rf"^ +{len(ROWS)}  events$", ran.output, re.MULTILINE)
    assert "Error" not in ran.output


def test_the_command_fails_in_words(tmp_path: Path) -> None:
    """Status 1 with what is wrong; 2 where it was called amiss."""
    ran = _command("ucdp", EXTRACT, "--into", tmp_path / "into")
    assert ran.exit_code == 1
    assert "add it, such as --version 25.1" in ran.output
    ran = _command("acled", EXTRACT)
    assert ran.exit_code == 2
    assert "'acled' is no dataset: " in ran.output
    assert not (tmp_path / "into").exists()
    assert _command("ucdp", tmp_path / "nothing.csv").exit_code == 2
    assert _command("ucdp", EXTRACT, "--answers-within", 3).exit_code == 2


def test_the_help_names_every_dataset() -> None:
    """The names stand in the help, which imports nothing."""
    told = _command("--help").output
    assert all(re.search(rf"^    {name} +\w", told, re.MULTILINE) for name in DATASETS)


def test_a_plan_that_drops_rows_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`typed` gives one row for each row read: a join that loses or doubles one is told."""
    monkeypatch.setattr(ucdp, "_TYPED", ucdp._TYPED + " where violence = 3")
    with pytest.raises(ValueError, match="does not give one row for each"):
        _imported(tmp_path, _csv(ROWS))


def test_a_column_that_a_table_lacks_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slip in a query would else leave a column empty."""
    monkeypatch.setitem(
        ucdp._TABLES, "sources", ucdp._TABLES["sources"].replace("as title", "as titel")
    )
    with pytest.raises(ValueError, match="sources has no column titel"):
        _imported(tmp_path, _csv(ROWS[:1]))
