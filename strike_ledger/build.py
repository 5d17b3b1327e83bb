"""Building the database: into a private file first, put in place in one rename."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

from strike_ledger.declarations import PROJECT
from strike_ledger.reading import DATABASE

_WORK = PROJECT / ".build"


class BuildError(Exception):
    """The build failed; the database that was there is untouched."""


def run_dbt(arguments: list[str], database: Path | None = None) -> int:
    """Run dbt in the project with the environment's own dbt, and give its exit status."""
    environment = dict(os.environ)
    if database is not None:
        environment["STRIKE_LEDGER_DATABASE"] = str(database)
    environment.setdefault("STRIKE_LEDGER_COMMIT", _commit())
    if not sys.stdout.isatty():
        environment.setdefault("DBT_USE_COLORS", "false")
    dbt = Path(sys.executable).with_name("dbt")
    command = [str(dbt), *arguments, "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    return subprocess.run(command, env=environment, cwd=PROJECT, check=False).returncode  # noqa: S603


def _commit() -> str:
    """Give the commit of the checkout, or nothing where it is none or git is not there."""
    try:
        asked = subprocess.run(  # noqa: S603
            ["git", "-C", str(PROJECT), "describe", "--always", "--dirty", "--abbrev=40"],  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return ""
    return asked.stdout.strip()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def build() -> Path:
    """Build the whole project with all its tests and put strike_ledger.duckdb in place.

    The file is written in a private folder on the same file system and moved into place in one
    rename when dbt says that everything passed: readers of the old file keep it, and a failed
    build changes nothing. A second build waits for the first. Raises BuildError on failure.
    """
    _WORK.mkdir(exist_ok=True)
    with (_WORK / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for stale in _WORK.glob("new_*"):
            shutil.rmtree(stale)
        private = Path(tempfile.mkdtemp(prefix="new_", dir=_WORK))
        try:
            fresh = private / DATABASE.name
            if run_dbt(["build"], fresh) != 0:
                raise BuildError(f"the build failed; {DATABASE.name} is as it was")
            with duckdb.connect(str(fresh)) as connection:
                connection.execute("checkpoint")
            _sync(fresh)
            fresh.replace(DATABASE)
            _sync(DATABASE.parent)
        finally:
            shutil.rmtree(private, ignore_errors=True)
    return DATABASE


def build_elsewhere(target: str) -> None:
    """Check the record, then build another target of profiles.yml in its own place.

    The gate speaks on DuckDB only, so the check runs here. Raises BuildError on failure.
    """
    from strike_ledger.checks import check, report

    findings = check()
    if findings:
        raise BuildError(report(findings))
    if run_dbt(["build", "--target", target]) != 0:
        raise BuildError(f"the build of {target} failed")
