"""Whether two builds of one commit give the same content and the same texts, wherever they run.

A build differs from the one that the other tests share in everything at once that the machine
decides: threads, time zone, locale, hash seed, and order of files.
"""

import json
import subprocess
from pathlib import Path

import pytest
from conftest import SURROUNDINGS, Copy
from content import hashes_in, rewritten, table_hashes

from models import Models
from strike_ledger.declarations import loaded_tables

ELSEWHERE = {"TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"}
COMMIT = {"STRIKE_LEDGER_COMMIT": "first"}
# Python imports this by itself. It lists folders in the order of names backwards.
ORDER = """
import os

def ordered(entries, name):
    return sorted(entries, key=name, reverse=True)

class Entries:
    def __init__(self, entries):
        with entries:
            self.left = iter(ordered(entries, lambda entry: entry.name))
    def __iter__(self):
        return self.left
    def __next__(self):
        return next(self.left)
    def __enter__(self):
        return self
    def __exit__(self, *_):
        pass
    def close(self):
        pass

listdir, scandir = os.listdir, os.scandir
os.listdir = lambda *path: ordered(listdir(*path), lambda name: name)
os.scandir = lambda *path: Entries(scandir(*path))
"""


@pytest.fixture(scope="module")
def turkish(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Give the variables for the locale of Turkey, where the capital of i is another letter.

    It is compiled here; where the system lacks its sources, there are none.
    """
    folder = tmp_path_factory.mktemp("locales")
    made = ["localedef", "-i", "tr_TR", "-f", "UTF-8", str(folder / "tr_TR.UTF-8")]
    if subprocess.run(made, capture_output=True, check=False).returncode != 0:
        return {}
    return {"LOCPATH": str(folder), "LC_ALL": "tr_TR.UTF-8"}


@pytest.fixture(scope="module")
def older(built: Copy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a database that lacks some rows of each table, so that there is a difference to tell."""
    path = tmp_path_factory.mktemp("older") / built.database.name
    rewritten(built.database, path, "where hash(row) % 7 > 0")
    return path


def exported(copy: Copy, older: Path, folder: Path, **variables: str) -> dict[str, bytes]:
    """Give the bytes of every text that is made of a built copy."""
    script = copy.folder / "tests/exports.py"
    done = copy.run("python", str(script), str(copy.database), str(older), str(folder), **variables)
    assert done.returncode == 0, done.stderr
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def here(built: Copy, older: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Export everything of the copy built for all tests, in the surroundings of its build."""
    return exported(built, older, tmp_path_factory.mktemp("here"), **SURROUNDINGS)


@pytest.fixture(scope="module")
def elsewhere(
    older: Path, turkish: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, bytes]:
    """Build the project in other surroundings, without its tests, and export everything there."""
    copy = Copy.of_the_project(tmp_path_factory.mktemp("elsewhere") / "project")
    profiles = copy.folder / "profiles.yml"
    told = profiles.read_text(encoding="utf-8")
    common = "      threads: 4\n      config_options:\n"
    assert told.count(common) == 1
    own = "      threads: 2\n      config_options:\n        threads: 4\n"
    profiles.write_text(told.replace(common, own), encoding="utf-8")
    (copy.folder / "sitecustomize.py").write_text(ORDER, encoding="utf-8")
    given = ELSEWHERE | turkish
    without_tests = ["build", "--exclude-resource-type", "test", "unit_test"]
    analyses = ["compile", "--select", "path:analyses"]
    told = copy.dbt((COMMIT, without_tests), ({}, analyses), **given)
    assert [status for _, status in told] == ["0", "0"], told
    assert "Concurrency: 2 threads" in told[0][0]
    return exported(copy, older, tmp_path_factory.mktemp("exported"), **given)


def test_a_build_has_the_same_content_in_other_surroundings(
    built: Copy, elsewhere: dict[str, bytes]
) -> None:
    """Every table and view has the same columns, types and rows."""
    hashes = {table: list(found) for table, found in table_hashes(built.database).items()}
    assert {"main.about", "main.timeline", "marts.fct_events", "record.events"} <= set(hashes)
    assert json.loads(elsewhere["hashes.json"]) == hashes


def test_texts_are_the_same_to_the_byte(
    here: dict[str, bytes], elsewhere: dict[str, bytes]
) -> None:
    """Documents, answers, differences, compiled SQL, a CSV of each table: all are alike."""
    assert {"README.md", "CODING.md", "diff.txt", "diff.json", "main.timeline.csv"} <= set(here)
    assert {"compiled timeline.sql", "when_did_each_strike_happen.sql"} <= set(here)
    assert json.loads(here["diff.json"])
    assert set(here) == set(elsewhere)
    assert [name for name in here if here[name] != elsewhere[name]] == []


def test_the_order_of_rows_does_not_count(built: Copy) -> None:
    """A rule that left a tie to chance would follow the order in which rows happen to lie.

    Each model is created anew on rows in another order, those of the models before it too.
    """
    models = Models(built)
    with models.connect() as connection:
        connection.execute(f"attach '{built.database}' as built (read_only)")
        for name in loaded_tables():
            rows = f"from built.record.{name} as row order by hash(row)"
            connection.execute(f"create table {models.relation(name)} as {rows}")
        for name in models.in_order:
            models.create(connection, name, f"from ({models.sql[name]}) as row order by hash(row)")
        assert hashes_in(connection) == table_hashes(built.database)
