"""The build backend: setuptools, which packs the tables of a release into the wheel.

It is loaded by its own name, before the package can be imported. The tables are those of the file
that STRIKE_LEDGER_DATABASE names, or of a database built here for the purpose.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from setuptools import build_meta
from setuptools.build_meta import (
    build_editable,
    get_requires_for_build_editable,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

_PROJECT = Path(__file__).resolve().parent.parent
_CARRIED = Path(__file__).resolve().parent / "carried"
_DECLARATIONS = (
    "models/columns.md",
    "models/marts/*.yml",
    "models/reports/*.yml",
    "seeds/*.yml",
    "seeds_csv/*.yml",
)


def get_requires_for_build_wheel(config_settings: dict | None = None) -> list[str]:
    """Ask for what a build of the database needs: what the package itself depends on."""
    project = tomllib.loads((_PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [*build_meta.get_requires_for_build_wheel(config_settings), *project["dependencies"]]


def _python(*arguments: str, **variables: str) -> None:
    """Run Python on the project's own code; SystemExit where that fails."""
    paths = [str(_PROJECT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths)} | variables
    done = subprocess.run(  # noqa: S603
        [sys.executable, *arguments], cwd=_PROJECT, env=environment, check=False
    )
    if done.returncode != 0:
        raise SystemExit("the tables for the wheel could not be made: see above")


@contextmanager
def _carrying() -> Iterator[None]:
    """Keep the declarations and the tables inside the package while the wheel is packed."""
    shutil.rmtree(_CARRIED, ignore_errors=True)
    try:
        with tempfile.TemporaryDirectory() as work:
            database = os.environ.get("STRIKE_LEDGER_DATABASE")
            if not database:
                database = f"{work}/strike_ledger.duckdb"
                dbt = ("-m", "dbt.cli.main", "build", "--exclude-resource-type", "unit_test")
                places = ("--target-path", f"{work}/target", "--log-path", work)
                _python(*dbt, *places, STRIKE_LEDGER_DATABASE=database)
            _python("-m", "strike_ledger.formats", database, str(_CARRIED))
        for pattern in _DECLARATIONS:
            for path in _PROJECT.glob(pattern):
                place = _CARRIED / path.relative_to(_PROJECT)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, place)
        yield
    finally:
        shutil.rmtree(_CARRIED, ignore_errors=True)
        shutil.rmtree(_PROJECT / "build", ignore_errors=True)


def build_wheel(
    wheel_directory: str,
    config_settings: dict | None = None,
    metadata_directory: str | None = None,
) -> str:
    """Build the wheel with the tables in it, and give the name of its file."""
    with _carrying():
        return build_meta.build_wheel(wheel_directory, config_settings, metadata_directory)


def build_sdist(sdist_directory: str, config_settings: dict | None = None) -> str:
    """Refuse: a package without the record could not build the tables that a wheel carries."""
    raise SystemExit("no source package is made: build a wheel, or install, from a clone")
