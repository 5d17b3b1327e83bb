"""Copies of the record, and of the whole project, that a test may spoil."""

import csv
import fcntl
import io
import json
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from unittest.mock import patch

import duckdb
import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa
import pytest
from content import rewritten
from playwright.sync_api import Browser, sync_playwright

from strike_ledger import checks
from strike_ledger.checks import Finding
from strike_ledger.declarations import PROJECT, RECORD, VOCABULARY, Table, loaded_tables, tables

Row = dict[str, str]
Where = Callable[[Row], object]

_NOT_COPIED = shutil.ignore_patterns(
    ".venv*",
    ".git",
    ".build",
    ".*_cache",
    "target",
    "logs",
    "dist",
    "node_modules",
    "__pycache__",
    "*.duckdb*",
)


# test_determinism.py builds in surroundings that have nothing in common with these.
SURROUNDINGS = {"TZ": "Asia/Tehran", "LC_ALL": "C", "PYTHONHASHSEED": "0"}

# dbt takes two seconds to start, and then runs several times in one process.
_DBT = """
import json, os, sys
from dbt.cli.main import dbtRunner
for variables, arguments in json.loads(sys.argv[1]):
    os.environ.update(variables)
    print(0 if dbtRunner().invoke(arguments).success else 1, end=chr(0), flush=True)
"""


def _any_row(_: Row) -> bool:
    return True


class Record:
    """A copy of the CSVs, edited by rows; each edit gives the number of the line it touched."""

    def __init__(self, folder: Path) -> None:
        """Take the folder that holds the folders of the CSVs."""
        self.folder = folder

    def declared(self, table: str) -> Table:
        """Give the declaration of a table."""
        return loaded_tables()[table]

    def path(self, table: str) -> Path:
        """Give the CSV of a table."""
        return self.folder / self.declared(table).file

    def rows(self, table: str) -> dict[int, Row]:
        """Give the rows of a table by line number."""
        header, *lines = csv.reader(self.path(table).read_text(encoding="utf-8").splitlines())
        return {n: dict(zip(header, line, strict=True)) for n, line in enumerate(lines, start=2)}

    def find(self, table: str, where: Where = _any_row) -> tuple[int, Row]:
        """Give line number and row of the first row that suits."""
        found = next(((n, row) for n, row in self.rows(table).items() if where(row)), None)
        assert found, f"no row of {table}.csv suits this test"
        return found

    def write(self, table: str, rows: Iterable[Row]) -> None:
        """Write the rows of a table."""
        text = io.StringIO()
        writer = csv.DictWriter(text, self.declared(table).column_names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        self.path(table).write_text(text.getvalue(), encoding="utf-8")

    def change(self, table: str, where: Where = _any_row, **values: str) -> int:
        """Change cells of the first row that suits."""
        line, _ = self.find(table, where)
        self.set(table, line, **values)
        return line

    def set(self, table: str, line: int, **values: str) -> None:
        """Change cells of the row on a line."""
        rows = self.rows(table)
        rows[line] |= values
        self.write(table, rows.values())

    def add(self, table: str, like: Where = _any_row, **values: str) -> int:
        """Append a copy of the first row that suits, with some cells changed."""
        _, row = self.find(table, like)
        rows = [*self.rows(table).values(), row | values]
        self.write(table, rows)
        return len(rows) + 1

    def remove(self, table: str, where: Where) -> None:
        """Remove every row that suits."""
        self.write(table, [row for row in self.rows(table).values() if not where(row)])

    def check(self) -> list[Finding]:
        """Check this copy; what is as committed, and hangs on nothing that is not, but once."""
        with (
            patch.object(checks, "_read", _read_or_recall),
            patch.object(checks, "_cast", _cast_or_recall),
            patch.object(checks, "_Compiler", _CompilerOfChanges),
        ):
            return checks.check(self.folder / RECORD, self.folder / VOCABULARY)


_read, _cast = checks._read, checks._cast


@cache
def _as_committed(name: str) -> tuple[bytes, tuple[pd.DataFrame | None, list[Finding]]]:
    table = loaded_tables()[name]
    return (PROJECT / table.file).read_bytes(), _read(PROJECT / table.folder, table)


def _read_or_recall(folder: Path, table: Table) -> tuple[pd.DataFrame | None, list[Finding]]:
    path = folder / f"{table.name}.csv"
    content, recalled = _as_committed(table.name)
    if path.is_file() and not path.is_symlink() and path.read_bytes() == content:
        return recalled
    return _read(folder, table)


@cache
def _cast_as_committed(name: str) -> tuple[pa.Table, tuple[pd.DataFrame, list[Finding]]]:
    _, (text, _) = _as_committed(name)
    with duckdb.connect() as connection:
        cast = _cast(connection, loaded_tables()[name], text)
        return connection.table(name).to_arrow_table(), cast


def _cast_or_recall(
    connection: duckdb.DuckDBPyConnection, table: Table, text: pd.DataFrame
) -> tuple[pd.DataFrame, list[Finding]]:
    if text is not _as_committed(table.name)[1][0]:
        return _cast(connection, table, text)
    typed, recalled = _cast_as_committed(table.name)
    connection.register(table.name, typed)
    return recalled


class _CompilerOfChanges(checks._Compiler):
    """Of a table that is as committed, compiles only what holds it against one that is not."""

    def schema(self) -> pandera.DataFrameSchema:
        changed = {
            name
            for name in loaded_tables()
            if self.frames.get(name) is not _cast_as_committed(name)[1][0]
        }
        if self.table.name in changed:
            return super().schema()
        words = [set(re.findall(r"\w+", rule.holds)) for rule in self.table.rules]
        unread = loaded_tables().keys() - self.frames.keys()
        against = {
            column.name: {column.target and column.target[0], column.code_list and "codes"}
            for column in self.table.columns
        }
        return pandera.DataFrameSchema(
            {
                column.name: pandera.Column(checks=self._column_checks(column), nullable=True)
                for column in self.table.columns
                if against[column.name] & changed
            },
            checks=[
                *(
                    self._reference_by_table(column)
                    for column in self.table.columns
                    if column.references_table_in and changed.intersection(tables(RECORD))
                ),
                *(
                    self._rule(number)
                    for number, named in enumerate(words)
                    if named & changed and not named & unread
                ),
            ],
        )


@pytest.fixture
def record(tmp_path: Path) -> Record:
    """Give a fresh copy of the real record and vocabulary."""
    for folder in (RECORD, VOCABULARY):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    return Record(tmp_path)


class Copy:
    """A copy of the project, with commands run in it as a user would."""

    def __init__(self, folder: Path) -> None:
        """Take the folder of the project."""
        self.folder = folder
        self.database = folder / "strike_ledger.duckdb"

    @classmethod
    def of_the_project(cls, folder: Path) -> "Copy":
        """Copy the project into a folder that is not there yet, without anything built."""
        shutil.copytree(PROJECT, folder, ignore=_NOT_COPIED)
        return cls(folder)

    def environment(self, **variables: str) -> dict[str, str]:
        """Give the variables with which a command runs on the copy's own code."""
        own = {"PYTHONPATH": str(self.folder), "DO_NOT_TRACK": "1"}
        inherited = {k: v for k, v in os.environ.items() if k != "STRIKE_LEDGER_DATABASE"}
        return inherited | own | variables

    def run(self, command: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess:
        """Run a command of the environment on the copy's own code."""
        return subprocess.run(
            [str(Path(sys.executable).with_name(command)), *arguments],
            cwd=self.folder,
            env=self.environment(**variables),
            capture_output=True,
            text=True,
            check=False,
        )

    def dbt(
        self, *runs: tuple[dict[str, str], list[str]], **variables: str
    ) -> list[tuple[str, str]]:
        """Run dbt as often as told in one process: what each run says, and 0 if it succeeds.

        Each run has variables, which hold for the later ones too, and arguments.
        """
        done = self.run("python", "-c", _DBT, json.dumps(runs), **variables)
        assert done.returncode == 0, done.stderr
        told = done.stdout.split("\0")[:-1]
        return [(said[:-1], said[-1]) for said in told]


def build_copy(folder: Path, **variables: str) -> Copy:
    """Copy the project into a new folder, build its database there, and run the unit tests."""
    copy = Copy.of_the_project(folder)
    done = copy.run("strike-ledger", "build", STRIKE_LEDGER_COMMIT="first", **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    done = copy.run("dbt", "test", "--select", "test_type:unit", **variables)
    assert done.returncode == 0, done.stdout
    return copy


def _made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Give a folder of the whole run: the first worker to need it makes it, the others wait."""
    of_this_worker = factory.getbasetemp()
    shared = of_this_worker.parent if "PYTEST_XDIST_WORKER" in os.environ else of_this_worker
    folder = shared / name
    with (shared / f"{name}.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.seek(0)
        if not lock.read():
            shutil.rmtree(folder, ignore_errors=True)
            make(folder)
            lock.write("made")
    return folder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """Give a copy of the project with its database built and its analyses compiled.

    It is built once; each xdist worker has a copy of its own, and spoils no other's.
    """
    from readme import compile_analyses  # noqa: PLC0415 - it imports this module

    made = _made_once(
        tmp_path_factory,
        "built",
        lambda folder: compile_analyses(build_copy(folder, **SURROUNDINGS)),
    )
    own = tmp_path_factory.mktemp("copy") / "project"
    shutil.copytree(made, own)
    return Copy(own)


@pytest.fixture(scope="session")
def released(built: Copy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a release of the built copy, made once for all workers to read."""

    def release(folder: Path) -> None:
        done = built.run("strike-ledger", "release", "--as-built", "--folder", str(folder))
        assert done.returncode == 0, done.stdout + done.stderr

    return _made_once(tmp_path_factory, "released", release)


def _program(name: str) -> Path | None:
    """Find a program of PostgreSQL: the newest that Debian has installed, or one on the PATH."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3])
    )
    on_path = shutil.which(name)
    return installed[-1] if installed else Path(on_path) if on_path else None


@contextmanager
def running_postgres() -> Iterator[dict[str, str]]:
    """Start a server of our own in a temporary folder, on a socket in it, and give the way to it.

    Its default order of texts is that of English, not that of bytes: whatever a view leaves to the
    default then shows as a difference. A test that asks for it is skipped where there is none.
    """
    initdb, pg_ctl = _program("initdb"), _program("pg_ctl")
    if initdb is None or pg_ctl is None:
        pytest.skip("PostgreSQL's initdb and pg_ctl are not installed (Debian: postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="pg_"))
    as_owner = []
    if os.geteuid() == 0:
        try:
            owner = pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("PostgreSQL refuses to run as root, and there is no user postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        as_owner = ["runuser", "-u", "postgres", "--"]

    def run(*command: str) -> None:
        # Into a file, not a pipe: the server would hold a pipe open for as long as it lives.
        with tempfile.TemporaryFile("w+") as output:
            status = subprocess.run(
                [*as_owner, *command], cwd="/", stdout=output, stderr=output, check=False
            ).returncode
            output.seek(0)
            assert status == 0, output.read()

    data = str(folder / "data")
    try:
        run(
            *(str(initdb), "--pgdata", data, "--username", "postgres", "--auth", "trust"),
            *("--encoding", "UTF8", "--locale", "C", "--locale-provider", "icu"),
            *("--icu-locale", "en", "--no-sync"),
        )
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
        log = str(folder / "log")
        run(str(pg_ctl), "start", "--wait", "--pgdata", data, "--log", log, "--options", options)
        try:
            yield {
                "PGHOST": str(folder),
                "PGPORT": "5432",
                "PGUSER": "postgres",
                "PGPASSWORD": "",
                "PGDATABASE": "postgres",
            }
        finally:
            run(str(pg_ctl), "stop", "--mode", "immediate", "--pgdata", data)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, str]]:
    """Give the way to a PostgreSQL server of our own."""
    with running_postgres() as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give a Chromium; only for a module, since no other loop runs in a process beside it."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Chromium is not installed (Debian: chromium)")
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", *quiet]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield started
        started.close()


@pytest.fixture(scope="session")
def shuffled(built: Copy) -> Path:
    """Give a database of the same tables and views, the rows of each in another order."""
    other = built.folder / "shuffled" / built.database.name
    other.parent.mkdir()
    rewritten(built.database, other, "order by hash(row)")
    return other


# The files that take longest, longest first: no worker is left with one of them at the end. The
# first works without the database, which the other worker builds meanwhile.
_LONGEST = [
    *("test_publish", "test_determinism", "test_postgres", "test_checks", "test_analyses"),
    *("test_defects", "test_properties", "test_safety"),
]


def pytest_configure(config: pytest.Config) -> None:
    """Keep pytest-xdist from dealing out the files with the greatest number of tests first."""
    config.option.loadscopereorder = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the longest files come first."""
    places = {name: place for place, name in enumerate(_LONGEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(places)))
