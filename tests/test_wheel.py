"""The wheel carries the tables: it works where there is no repository."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import Copy
from content import table_hashes

import strike_ledger
from strike_ledger.declarations import PROJECT
from strike_ledger.explain import INTERMEDIATE
from strike_ledger.reading import SCHEMAS, released


@pytest.fixture(scope="module")
def installed(built: Copy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder into which the wheel of the built copy is unpacked, as pip does."""
    folder = tmp_path_factory.mktemp("wheel")
    done = built.run(
        *("uv", "build", "--quiet", "--wheel", "--no-build-isolation"),
        *("--python", sys.executable, "--out-dir", str(folder)),
        STRIKE_LEDGER_DATABASE=str(built.database),
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as content:
        content.extractall(folder / "site")
    return folder / "site"


def run(installed: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Run Python on the unpacked wheel alone, in a folder that holds nothing else.

    The helpers of the tests are there too, but not the project around them.
    """
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=installed.parent,
        env={"PYTHONPATH": f"{installed}:{Path(__file__).parent}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_nothing_is_left_in_the_sources(built: Copy, installed: Path) -> None:
    """Packing leaves no copy of the tables in the checkout."""
    assert not (built.folder / "strike_ledger/carried").exists()
    assert not (built.folder / "build").exists()


def test_every_table_is_carried(built: Copy, installed: Path) -> None:
    """The wheel gives each table and view of the release: columns, types, rows, descriptions."""
    code = (
        "import json, strike_ledger\n"
        "from content import hashes_in\n"
        f"assert strike_ledger.__file__.startswith({str(installed)!r})\n"
        "connection = strike_ledger.connect()\n"
        'bare = "select * from duckdb_columns() where not internal and comment is null '
        "and schema_name <> 'intermediate'\"\n"
        "assert connection.execute(bare).fetchall() == []\n"
        "assert len(strike_ledger.load('about', frame='polars')) == 1\n"
        "print(json.dumps(hashes_in(connection)))\n"
    )
    done = run(installed, "-c", code)
    assert done.returncode == 0, done.stderr
    carried = {name: tuple(told) for name, told in json.loads(done.stdout).items()}
    ours = table_hashes(built.database)
    names = [f"{SCHEMAS[table.folder]}.{table.name}" for table in released().values()]
    names += [f"intermediate.{name}" for name in INTERMEDIATE]
    assert carried == {name: ours[name] for name in names}


def test_a_figure_is_explained_without_the_repository(built: Copy, installed: Path) -> None:
    """`explain` tells from the wheel what it tells from the built file."""
    code = "import strike_ledger; print(strike_ledger.explain('saravan', 'killed'))"
    done = run(installed, "-c", code)
    assert done.returncode == 0, done.stderr
    ours = str(strike_ledger.explain("saravan", "killed", built.database))
    assert done.stdout.strip() == ours.strip()


@pytest.mark.parametrize("command", ["check", "verify", "build", "release"])
def test_what_needs_the_record_says_so(command: str, installed: Path) -> None:
    """A command that works on the CSVs tells what to do where there are none."""
    done = run(installed, "-c", "from strike_ledger.cli import main; main()", command)
    assert done.returncode == 1
    assert "clone the project" in done.stderr


def test_the_wheel_asks_for_what_a_build_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    """`pip install .` gets the package's own pins to build the database with, and no other list."""
    monkeypatch.syspath_prepend(str(PROJECT / "strike_ledger"))
    import packing  # noqa: PLC0415

    asked = packing.get_requires_for_build_wheel()
    assert any(name.startswith("dbt-duckdb==") for name in asked)
    with pytest.raises(SystemExit, match="from a clone"):
        packing.build_sdist("anywhere")
