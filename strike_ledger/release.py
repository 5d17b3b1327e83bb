"""A release: the built database in every form in which people ask for it, in one folder."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from strike_ledger import ask, codebook, descriptors, formats, report
from strike_ledger.build import build, run_dbt
from strike_ledger.declarations import PROJECT
from strike_ledger.reading import DATABASE, connect

DIST = PROJECT / "dist"
_CHECKSUMS = "CHECKSUMS.txt"
_CARRIED_ALONG = ("CITATION.cff", "LICENSE-DATA", "LICENSE")


class ReleaseError(Exception):
    """The release was not made; the message says why. The folder is as it was."""


def _documented(database: Path, work: Path) -> Path:
    """Let dbt write its own page of documentation and compile the analyses; give the folder."""
    target = work / "target"
    arguments = ["docs", "generate", "--static", "--quiet", "--target-path", str(target)]
    if run_dbt([*arguments, "--log-path", str(work)], database) != 0:
        raise ReleaseError("dbt could not document the models")
    return target


def write_checksums(folder: Path) -> None:
    """Write CHECKSUMS.txt, which `sha256sum -c CHECKSUMS.txt` reads, for every other file."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [f"{descriptors.sha256(path)}  {path.relative_to(folder).as_posix()}" for path in files]
    (folder / _CHECKSUMS).write_text("\n".join(lines) + "\n", encoding="utf-8")


def write(database: Path, folder: Path, work: Path) -> None:
    """Write every file of a release of a built database into an empty folder.

    `work` is a folder for what is needed on the way. Tells on standard error what it is at.
    Raises ReleaseError where dbt cannot document the models.
    """
    published = folder / DATABASE.name
    shutil.copyfile(database, published)
    for name in _CARRIED_ALONG:
        shutil.copyfile(PROJECT / name, folder / name)
    private = work / DATABASE.name
    shutil.copyfile(database, private)

    def documentation(_: duckdb.DuckDBPyConnection, folder: Path) -> None:
        target = _documented(private, work)
        page = (target / "static_index.html").read_text(encoding="utf-8")
        (folder / "dbt_docs.html").write_text(codebook.static_docs(page), encoding="utf-8")

    def questions(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        try:
            ask.write(connection, folder, work / "target/compiled/strike_ledger/analyses")
        except RuntimeError as error:
            raise ReleaseError(f"the page to ask was not made: {error}") from error

    steps: dict[str, Callable[[duckdb.DuckDBPyConnection, Path], None]] = {
        "Parquet": formats.write_parquet,
        "CSV": formats.write_csv,
        "CSV with HXL tags": formats.write_hxl,
        "SQLite": formats.write_sqlite,
        "Excel": formats.write_excel,
        "GeoJSON": formats.write_geojson,
        "GeoParquet": formats.write_geoparquet,
        "the report": report.write,
        "the codebook": codebook.write,
        "the documentation of the models": documentation,
        "the page to ask": questions,
        "Data Package": descriptors.write_datapackage,
        "Croissant": descriptors.write_croissant,
    }
    columns = (SpinnerColumn(finished_text="*"), TextColumn("{task.description}"))
    console = Console(stderr=True)
    with (
        connect(published) as connection,
        Progress(*columns, TimeElapsedColumn(), console=console) as shown,
    ):
        connection.execute("set threads = 1")  # the same bytes each time
        for name, step in steps.items():
            task = shown.add_task(name, total=1)
            step(connection, folder)
            shown.advance(task)
    write_checksums(folder)


def release(folder: Path = DIST, as_built: bool = False) -> Path:
    """Build the database, write a release of it, and put it in place as `folder`.

    With `as_built` the database is taken as it stands. An earlier release in the folder is
    replaced when the new one is whole; a folder with anything else in it is left alone.
    Raises ReleaseError, or BuildError where the build fails.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / _CHECKSUMS).is_file():
        raise ReleaseError(f"{folder} holds something that is no release: choose another folder")
    if not as_built:
        build()
    elif not DATABASE.is_file():
        raise ReleaseError(f"{DATABASE.name} is not there: leave out --as-built, or build it first")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".release_", dir=folder.parent) as private:
        fresh, work = Path(private) / "fresh", Path(private) / "work"
        fresh.mkdir()
        work.mkdir()
        write(DATABASE, fresh, work)
        if folder.exists():
            folder.rename(Path(private) / "old")
        fresh.rename(folder)
    return folder
