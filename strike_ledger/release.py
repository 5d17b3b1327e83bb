"""A release: the built database in every form in which people ask for it, in one folder."""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from strike_ledger import ask, codebook, descriptors, formats, report
from strike_ledger.build import build, run_dbt
from strike_ledger.declarations import PROJECT
from strike_ledger.reading import DATABASE, DIST, connect

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


def _files(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def write_checksums(folder: Path) -> None:
    """Write CHECKSUMS.txt, which `sha256sum -c CHECKSUMS.txt` reads, for every other file."""
    lines = [f"{descriptors.sha256(folder / name)}  {name}" for name in sorted(_files(folder))]
    (folder / _CHECKSUMS).write_text("\n".join(lines) + "\n", encoding="utf-8")


def write(database: Path, folder: Path, work: Path) -> None:
    """Write every file of a release of a built database into an empty folder.

    `work` is a folder for what is needed on the way. Tells on standard error what it is at.
    Raises ReleaseError where dbt cannot document the models, RuntimeError where npm or esbuild
    fails, ValueError where there is nothing to report.
    """
    published = folder / DATABASE.name
    shutil.copyfile(database, published)
    for name in _CARRIED_ALONG:
        shutil.copyfile(PROJECT / name, folder / name)
    private = work / DATABASE.name
    shutil.copyfile(published, private)

    def documentation(_: duckdb.DuckDBPyConnection, folder: Path) -> None:
        target = _documented(private, work)
        page = (target / "static_index.html").read_text(encoding="utf-8")
        (folder / "dbt_docs.html").write_text(codebook.static_docs(page), encoding="utf-8")

    def questions(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        ask.write(connection, folder, work / "target/compiled/strike_ledger/analyses")

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


def _is_release(folder: Path) -> bool:
    """Say whether a folder holds the files that its CHECKSUMS.txt names, and no other."""
    listed = folder / _CHECKSUMS
    if not listed.is_file():
        return False
    names = {line.partition("  ")[2] for line in listed.read_text(encoding="utf-8").splitlines()}
    return _files(folder) == names | {_CHECKSUMS}


def _put_in_place(fresh: Path, folder: Path, old: Path) -> None:
    """Put a whole release where an earlier one may stand; whatever stops it, one of them stands."""
    if not folder.exists():
        fresh.rename(folder)
        return
    folder.rename(old)
    try:
        fresh.rename(folder)
    except BaseException:
        old.rename(folder)
        raise


def release(folder: Path = DIST, as_built: bool = False) -> Path:
    """Build the project's database, write a release of it, and put it in place as `folder`.

    With `as_built` strike_ledger.duckdb is taken as it stands. An earlier release in the folder is
    replaced when the new one is whole; a folder with anything else in it is left alone.
    Raises ReleaseError, or BuildError where the build fails.
    """
    folder = folder.resolve()  # dbt and npm run in other folders
    try:
        if folder.exists() and any(folder.iterdir()) and not _is_release(folder):
            raise ReleaseError(f"{folder} holds what no release put there: choose another folder")
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".release_", dir=folder.parent) as private:
            fresh, work = Path(private) / "fresh", Path(private) / "work"
            fresh.mkdir()
            work.mkdir()
            if not as_built:
                build()
            elif not DATABASE.is_file():
                raise ReleaseError(f"{DATABASE.name} is not there: leave out --as-built")
            elif DATABASE.with_name(f"{DATABASE.name}.wal").exists():
                raise ReleaseError(f"{DATABASE.name} is being written to: leave out --as-built")
            write(DATABASE, fresh, work)
            _put_in_place(fresh, folder, Path(private) / "old")
    except (OSError, ValueError, RuntimeError, duckdb.Error, sqlite3.Error) as error:
        raise ReleaseError(f"the release was not made: {error}") from error
    return folder
