"""A release: every format holds the same rows, and the tools of others find nothing wrong."""

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import frictionless
import geopandas
import hxl
import mlcroissant
import openpyxl
import pyarrow.parquet
import pytest
import yaml
from cells import plain
from conftest import Copy

import strike_ledger
from strike_ledger import formats, release
from strike_ledger.cli import main
from strike_ledger.declarations import REPORTS, Table, tables
from strike_ledger.reading import DATABASE, SCHEMAS
from strike_ledger.reading import released as released_tables

Rows = list[tuple]
CLIENTS = ("1.1.3", "1.2.2", "1.3.2", "1.4.4")
HEADLINES = {"civilian_harm_by_strike", "reactions_by_country"}


def _in_database(database: Path, table: Table) -> Rows:
    key = ", ".join(table.primary_key)
    with strike_ledger.connect(database) as connection:
        rows = connection.execute(f"from {SCHEMAS[table.folder]}.{table.name} order by {key}")
        return rows.fetchall()


def _in_parquet(folder: Path, table: Table) -> Rows:
    read = pyarrow.parquet.read_table(folder / f"parquet/{table.name}.parquet")
    return list(zip(*(column.to_pylist() for column in read.columns), strict=True))


def _in_csv(folder: Path, table: Table) -> Rows:
    """Read a CSV as the data package declares it."""
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    (described,) = (one for one in package["resources"] if one["name"] == table.name)
    described["schema"]["foreignKeys"] = []
    resource = frictionless.Resource.from_descriptor(described, basepath=str(folder))
    return [tuple(row.to_dict().values()) for row in resource.read_rows()]


def _typed(value: Any, data_type: str) -> Any:
    """Undo what SQLite makes of a type that it lacks."""
    if value is None:
        return None
    made: dict[str, Callable[[Any], Any]] = {
        "boolean": bool,
        "date": date.fromisoformat,
        "timestamp": datetime.fromisoformat,
    }
    return made.get(data_type, lambda same: same)(value)


def _in_sqlite(folder: Path, table: Table) -> Rows:
    with sqlite3.connect(folder / "strike_ledger.sqlite") as connection:
        rows = connection.execute(f'select * from "{table.name}"').fetchall()
    types = [column.base_type for column in table.columns]
    return [tuple(map(_typed, row, types)) for row in rows]


def _in_excel(folder: Path, table: Table) -> Rows:
    book = openpyxl.load_workbook(folder / "strike_ledger.xlsx", read_only=True)
    header, *rows = book[table.name].iter_rows(values_only=True)
    assert list(header) == table.column_names
    types = [column.base_type for column in table.columns]
    return [
        tuple(v.date() if t == "date" and v else v for v, t in zip(row, types, strict=True))
        for row in rows
    ]


def _compared(rows: Rows) -> Rows:
    return [tuple(map(plain, row)) for row in rows]


@pytest.mark.parametrize("name", released_tables())
def test_all_formats_hold_the_same_rows(name: str, released: Path) -> None:
    """Parquet, CSV, SQLite and Excel hold the rows of the database, in order, cell by cell."""
    table = released_tables()[name]
    rows = _compared(_in_database(released / "strike_ledger.duckdb", table))
    assert _compared(_in_parquet(released, table)) == rows
    assert _compared(_in_csv(released, table)) == rows
    assert _compared(_in_sqlite(released, table)) == rows
    if table.folder == REPORTS:
        assert _compared(_in_excel(released, table)) == rows


def test_no_value_is_told_from_an_empty_text(built: Copy, tmp_path: Path) -> None:
    """CSV, Parquet and SQLite keep an empty text apart from no value; no release holds one."""
    spoilt = tmp_path / "strike_ledger.duckdb"
    shutil.copyfile(built.database, spoilt)
    with duckdb.connect(str(spoilt)) as connection:
        texts = connection.execute(
            "select table_schema, table_name, column_name from information_schema.columns "
            "where data_type = 'VARCHAR' and table_schema in ('main', 'marts', 'record')"
        ).fetchall()
        for schema, table, column in texts:
            empty = f"select count(*) from {schema}.{table} where {column} = ''"
            assert connection.execute(empty).fetchone() == (0,), (table, column)
        told = connection.execute(
            "update marts.fct_citations set note = '' where rowid = 0 and note is null "
            "returning passage_id, cited_table, cited_id"
        ).fetchone()
        assert told is not None
        for write in (formats.write_csv, formats.write_parquet, formats.write_sqlite):
            write(connection, tmp_path)
    table = released_tables()["fct_citations"]
    place = table.column_names.index("note")
    for rows in (_in_parquet(tmp_path, table), _in_sqlite(tmp_path, table)):
        assert [row[:3] for row in rows if row[place] == ""] == [told]
        assert sum(row[place] is None for row in rows) > 1
    lines = (tmp_path / "csv/fct_citations.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[:3] for line in lines if line.endswith(',""')] == [list(told)]


def test_the_same_database_gives_the_same_bytes(built: Copy, tmp_path: Path) -> None:
    """Two runs of the writers leave the same files, down to the byte."""
    written: list[dict[str, bytes]] = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        with strike_ledger.connect(built.database) as connection:
            connection.execute("set threads = 1")
            for write in (
                formats.write_parquet,
                formats.write_sqlite,
                formats.write_excel,
                formats.write_geoparquet,
            ):
                write(connection, folder)
        files = (path for path in folder.rglob("*") if path.is_file())
        written.append({str(path.relative_to(folder)): path.read_bytes() for path in files})
    assert written[0] == written[1]


def test_the_data_package_is_valid(released: Path) -> None:
    """Frictionless finds every row as declared: types, keys, references, limits, size and hash."""
    package = frictionless.Package(str(released / "datapackage.json"))
    assert {resource.name for resource in package.resources} == set(released_tables())
    found = package.validate()
    assert found.valid, found.flatten(["name", "note"])[:5]


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("evt_iran_on_idlib", "evt_iran_on_idlip", "foreign-key"),
        (",killed,", ",killled,", "hash-count"),
    ],
)
def test_the_data_package_would_tell(
    old: str, new: str, kind: str, released: Path, tmp_path: Path
) -> None:
    """A row that hangs on nothing, or one letter changed, is found by the descriptor alone."""
    shutil.copytree(released / "csv", tmp_path / "csv")
    spoilt = tmp_path / "csv/fct_casualties.csv"
    spoilt.write_text(spoilt.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    package = json.loads((released / "datapackage.json").read_text(encoding="utf-8"))
    kept = {"fct_casualties", "fct_events", "fct_statements", "dim_actors"}
    package["resources"] = [one for one in package["resources"] if one["name"] in kept]
    for resource in package["resources"]:
        keys = resource["schema"]["foreignKeys"]
        resource["schema"]["foreignKeys"] = [
            key for key in keys if key["reference"].get("resource", resource["name"]) in kept
        ]
    (tmp_path / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    found = frictionless.Package(str(tmp_path / "datapackage.json")).validate()
    assert kind in {error for (error,) in found.flatten(["type"])}


def test_what_the_descriptors_tell_is_declared(released: Path) -> None:
    """Types, keys, references and lists of codes in datapackage.json are those of the YAML."""
    package = json.loads((released / "datapackage.json").read_text(encoding="utf-8"))
    table = released_tables()["sources"]
    citation = yaml.safe_load((released / "CITATION.cff").read_text(encoding="utf-8"))
    assert package["version"] == citation["version"]
    assert [one["name"] for one in package["licenses"]] == citation["license"]
    told = {row[table.column_names.index("url")] for row in _in_csv(released, table)} - {None}
    assert {source["path"] for source in package["sources"]} == told
    for resource in package["resources"]:
        table, schema = released_tables()[resource["name"]], resource["schema"]
        assert schema["primaryKey"] == list(table.primary_key)
        assert [field["name"] for field in schema["fields"]] == table.column_names
        assert len(schema["foreignKeys"]) == sum(bool(c.references) for c in table.columns)
        assert schema["missingValues"][0]["value"] == ""
        for field, column in zip(schema["fields"], table.columns, strict=True):
            assert field["description"] == column.description
            assert ("categories" in field) == bool(column.code_list)


def test_croissant_reads_every_record(released: Path) -> None:
    """Croissant's own library finds nothing wrong, and reads the rows of the headline views."""
    dataset = mlcroissant.Dataset(str(released / "croissant.json"))
    assert not dataset.metadata.issues.errors
    assert not dataset.metadata.issues.warnings
    assert len(dataset.metadata.record_sets) == len(released_tables())
    for name in HEADLINES:
        table = released_tables()[name]
        rows = _in_database(released / "strike_ledger.duckdb", table)
        read = list(dataset.records(name))
        keys = [tuple(one[f"{name}/{key}"].decode() for key in table.primary_key) for one in read]
        places = [table.column_names.index(key) for key in table.primary_key]
        assert keys == [tuple(row[place] for place in places) for row in rows]
    told = json.loads((released / "croissant.json").read_text(encoding="utf-8"))
    responsible = {name: text for name, text in told.items() if name.startswith("rai:")}
    assert len(responsible) > 8
    assert all(responsible.values())


@pytest.mark.parametrize("name", sorted(HEADLINES))
def test_hxl_reads_the_tags(name: str, released: Path) -> None:
    """Libhxl reads every column by its tag, each tag once, and the rows as in the CSV."""
    options = hxl.InputOptions(allow_local=True)
    with hxl.data(str(released / f"hxl/{name}.csv"), options) as source:
        tags = [column.display_tag for column in source.columns]
        rows = [tuple(value or None for value in row.values) for row in source]
    table = released_tables()[name]
    assert tags == [column.hxl for column in table.columns]
    assert len(set(tags)) == len(tags)
    in_database = _in_database(released / "strike_ledger.duckdb", table)
    as_text = [tuple(None if v is None else str(v) for v in row) for row in in_database]
    assert rows == as_text


def test_only_the_headlines_are_tagged(released: Path) -> None:
    """Every view whose columns carry tags is exported with them, and no other."""
    tagged = {name for name, t in tables(REPORTS).items() if any(c.hxl for c in t.columns)}
    assert tagged == HEADLINES == {path.stem for path in (released / "hxl").iterdir()}


def test_maps_hold_every_event(released: Path) -> None:
    """GeoJSON and GeoParquet hold each event once, at the coordinates of a place or at none."""
    with strike_ledger.connect(released / "strike_ledger.duckdb") as connection:
        events = [
            key
            for (key,) in connection.execute(
                "select event_id from marts.fct_events order by event_id"
            ).fetchall()
        ]
        places = {
            name: (float(x), float(y))
            for name, x, y in connection.execute(
                "select location, longitude, latitude from marts.dim_locations "
                "where latitude is not null"
            ).fetchall()
        }
    for frame in (
        geopandas.read_file(released / "events.geojson"),
        geopandas.read_parquet(released / "events_geo.parquet"),
    ):
        assert list(frame["event_id"]) == events
        assert frame.crs.equals("OGC:CRS84", ignore_axis_order=True)
        for point, at, basis in zip(
            frame.geometry, frame["drawn_at"], frame["drawn_basis"], strict=True
        ):
            assert (point and (point.x, point.y)) == (places[at] if point else None)
            assert bool(point) == (basis in ("own", "around", "same_area"))
        told = dict(zip(frame["event_id"], frame["drawn_at"], strict=True))
        drawn = dict(zip(frame["event_id"], frame.geometry, strict=True))
        assert told["evt_iran_on_erbil"] == "Erbil"
        assert told["evt_iran_on_idlib"] == "Telteita"
        assert told["evt_iran_on_pakistan"] == "Panjgur"
        assert told["evt_pakistan_on_iran"] == "Saravan"
        assert drawn["evt_iran_on_other_parts_of_syria"] is None


def test_the_workbook_explains_itself(released: Path) -> None:
    """The first sheet tells version, licence and what each sheet is; dates and numbers are such."""
    book = openpyxl.load_workbook(released / "strike_ledger.xlsx")
    assert book.sheetnames == ["read me", *tables(REPORTS), "columns"]
    told = {row[0]: row[1] for row in book["read me"].iter_rows(values_only=True)}
    with strike_ledger.connect(released / "strike_ledger.duckdb") as connection:
        version, content = connection.execute("select version, content_hash from about").fetchone()
    assert (told["version"], told["content_hash"]) == (version, content)
    for name, table in tables(REPORTS).items():
        assert told[name] == table.description
    header, first, *_ = book["reactions_by_country"].iter_rows()
    kinds = {title.value: cell.data_type for title, cell in zip(header, first, strict=True)}
    assert (kinds["n_acts"], kinds["first_act_date"], kinds["responder"]) == ("n", "d", "s")


def test_checksums_hold(released: Path) -> None:
    """`sha256sum -c` confirms every file of the folder, and none is left out."""
    checked = ["sha256sum", "--check", "--strict", "CHECKSUMS.txt"]
    done = subprocess.run(checked, cwd=released, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    files = {str(path.relative_to(released)) for path in released.rglob("*") if path.is_file()}
    confirmed = {line.partition(":")[0] for line in done.stdout.splitlines()}
    assert confirmed == files - {"CHECKSUMS.txt"}


def test_everything_promised_is_there(released: Path) -> None:
    """The help names what lies in the folder, and all that lies there but the licences is named."""
    told = main.commands["release"].help
    (listed,) = re.findall(r"\x08\n(.*?)\n\n", told, re.DOTALL)
    named = set(
        re.findall(
            r"[\w]*\.[a-z]{3,7}\b|\w+/",
            " ".join(line.strip().partition("   ")[0] for line in listed.splitlines()),
        )
    )
    named = {f"{DATABASE.stem}{name}" if name.startswith(".") else name for name in named}
    assert len(named) > 12
    for name in named:
        assert (released / name).exists(), name
    entries = {path.name + "/" * path.is_dir() for path in released.iterdir()}
    assert entries - named == {"CITATION.cff", "LICENSE", "LICENSE-DATA"}
    assert {"ask.js", "worker.js", "duckdb.wasm"} <= {p.name for p in (released / "ask").iterdir()}


def test_the_pages_lead_to_files_that_are_there(released: Path) -> None:
    """What the report and the other pages link to in the folder is in the folder."""
    for page in ("index.html", "query.html", "codebook.html"):
        text = (released / page).read_text(encoding="utf-8")
        linked = set(re.findall(r'<a href="([^"#:]+)"', text))
        assert len(linked) >= 3, page
        assert {name for name in linked if not (released / name).exists()} == set(), page


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """Install DuckDB clients of other versions, each into a folder of its own."""
    folders = {}
    uv = Path(sys.executable).with_name("uv")
    for version in CLIENTS:
        folders[version] = tmp_path_factory.mktemp("client")
        install = [str(uv), "pip", "install", "--quiet", "--no-deps", f"duckdb=={version}"]
        where = ["--python", sys.executable, "--target", str(folders[version])]
        done = subprocess.run([*install, *where], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    yield folders


@pytest.mark.parametrize("version", CLIENTS)
def test_an_older_client_opens_the_file(
    version: str, clients: dict[str, Path], released: Path
) -> None:
    """Each client reads every view and table, and as many rows as this version does."""
    code = (
        "import sys, duckdb\n"
        "assert duckdb.__version__ == sys.argv[1], duckdb.__version__\n"
        "c = duckdb.connect(sys.argv[2], read_only=True)\n"
        "c.execute(\"set memory_limit = '2GB'\")\n"
        "for name in sys.argv[3:]: print(name, len(c.execute(f'from {name}').fetchall()))\n"
    )
    names = [f"{SCHEMAS[table.folder]}.{table.name}" for table in released_tables().values()]
    database = released / "strike_ledger.duckdb"
    done = subprocess.run(
        [sys.executable, "-c", code, version, str(database), *names],
        env={"PYTHONPATH": str(clients[version])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with strike_ledger.connect(database) as connection:
        ours = [f"{n} {len(connection.execute(f'from {n}').fetchall())}" for n in names]
    assert done.stdout.splitlines() == ours


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, built: Copy) -> None:
    """Let a release be of one file, so that only how it is put in place is tried."""

    def write(database: Path, folder: Path, work: Path) -> None:
        assert work.is_dir()
        (folder / "database").write_text(database.name)
        release.write_checksums(folder)

    monkeypatch.setattr(release, "write", write)
    monkeypatch.setattr(release, "DATABASE", built.database)


def test_a_release_takes_the_place_of_the_one_before(
    quick: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second release replaces the first, also where the folder is named from another one."""
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        assert release.release(Path("out"), as_built=True) == tmp_path / "out"
        assert {path.name for path in tmp_path.iterdir()} == {"out"}
        assert {path.name for path in (tmp_path / "out").iterdir()} == {"database", "CHECKSUMS.txt"}


@pytest.mark.parametrize("stranger", ["thesis.txt", "CHECKSUMS.txt"])
def test_a_folder_of_something_else_is_left_alone(
    stranger: str, quick: None, tmp_path: Path
) -> None:
    """A release never replaces a folder that holds anything that no release put there."""
    (tmp_path / stranger).write_text("years of work")
    with pytest.raises(release.ReleaseError, match="choose another folder"):
        release.release(tmp_path, as_built=True)
    assert [path.name for path in tmp_path.iterdir()] == [stranger]
    (tmp_path / stranger).unlink()
    release.release(tmp_path, as_built=True)
    (tmp_path / "notes.sql").write_text("select 1")
    with pytest.raises(release.ReleaseError, match="choose another folder"):
        release.release(tmp_path, as_built=True)
    assert (tmp_path / "notes.sql").read_text() == "select 1"


def test_what_stops_a_release_leaves_the_one_before(
    quick: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever interrupts the last step finds the earlier release; a failure is told in words."""
    release.release(tmp_path / "out", as_built=True)
    rename = Path.rename

    def interrupted(path: Path, to: Path) -> Path:
        if path.name == "fresh":
            raise KeyboardInterrupt
        return rename(path, to)

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Path, "rename", interrupted)
        release.release(tmp_path / "out", as_built=True)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"database", "CHECKSUMS.txt"}
    (tmp_path / "file").write_text("")
    with pytest.raises(release.ReleaseError, match="the release was not made"):
        release.release(tmp_path / "file/out", as_built=True)


def test_numbers_are_what_they_were(released: Path) -> None:
    """Decimals keep their digits and whole numbers stay whole in Parquet."""
    read = pyarrow.parquet.read_table(released / "parquet/reactions_by_country.parquet")
    assert str(read.schema.field("n_acts").type) == "int64"
    assert str(read.schema.field("lowest_goldstein").type) == "decimal128(4, 1)"
    assert Decimal("-4.4") in read["lowest_goldstein"].to_pylist()
