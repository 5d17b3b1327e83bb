"""Copies of the record, and of the whole project, that a test may spoil."""

import csv
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from unittest.mock import patch

import pandas as pd
import pytest
from content import rewritten

from strike_ledger import checks
from strike_ledger.checks import Finding
from strike_ledger.declarations import PROJECT, RECORD, VOCABULARY, Table, loaded_tables

Row = dict[str, str]
Where = Callable[[Row], object]

_NOT_COPIED = shutil.ignore_patterns(
    ".venv*", ".git", ".build", ".*_cache", "target", "logs", "dist", "__pycache__", "*.duckdb*"
)


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
        """Check this copy; of the files that are as committed, the lines are read but once."""
        with patch.object(checks, "_read", _read_or_recall):
            return checks.check(self.folder / RECORD, self.folder / VOCABULARY)


_read = checks._read


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


def build_copy(folder: Path) -> Copy:
    """Copy the project into a new folder and build its database there."""
    copy = Copy.of_the_project(folder)
    done = copy.run("strike-ledger", "build", STRIKE_LEDGER_COMMIT="first")
    assert done.returncode == 0, done.stdout + done.stderr
    return copy


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """Give a copy of the project with its database built; each xdist worker has its own."""
    return build_copy(tmp_path_factory.mktemp("copy") / "project")


@pytest.fixture(scope="session")
def shuffled(built: Copy) -> Path:
    """Give a database of the same tables and views, the rows of each in another order."""
    other = built.folder / "shuffled" / built.database.name
    other.parent.mkdir()
    rewritten(built.database, other, "order by hash(row)")
    return other
