"""Building the database: into a private file first, put in place in one rename."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from strike_ledger.declarations import PROJECT
from strike_ledger.reading import DATABASE

_WORK = PROJECT / ".build"
_AS_IT_WAS = f"{DATABASE.name} is as it was"
# What DuckDB may leave beside a file, in the order in which the file stays whole without them.
_JOURNALS = [
    DATABASE.with_name(f"{DATABASE.name}.wal{suffix}")
    for suffix in (".recovery", ".checkpoint", "")
]
_ROOM = 100_000_000  # bytes; a build writes some 60 million: the file, its journal, dbt's own files
_FULL = 1_000_000  # with less room than this a disk is full

# Names the descriptor from which the gate in dbt reads HOLDS, or what is wrong with the record.
VERDICT = "STRIKE_LEDGER_VERDICT"
HOLDS = "the record holds"


class BuildError(Exception):
    """The build failed; the message says why, and how the database now stands."""


def _started(
    arguments: list[str],
    database: Path | None = None,
    inherited: tuple[int, ...] = (),
    **variables: str,
) -> subprocess.Popen:
    """Start dbt in the project with the environment's own dbt and some more variables.

    `database` has the name that profiles.yml gives, and dbt runs beside it: with its path in the
    profile, dbt would parse the whole project anew for each folder. The files whose descriptors
    are inherited stay open in dbt, even when this process is killed.
    """
    environment = os.environ | variables
    if database is not None:
        environment.pop("STRIKE_LEDGER_DATABASE", None)
    environment.setdefault("STRIKE_LEDGER_COMMIT", _commit())
    if not sys.stdout.isatty():
        environment.setdefault("DBT_USE_COLORS", "false")
    command = [sys.executable, "-P", "-m", "strike_ledger.dbt_run", *arguments]
    command += ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    folder = database.parent if database else PROJECT
    return subprocess.Popen(command, env=environment, cwd=folder, pass_fds=inherited)  # noqa: S603


def run_dbt(arguments: list[str], database: Path | None = None) -> int:
    """Run dbt in the project, on the database given or its own, and give its exit status.

    The database has the name that profiles.yml gives.
    """
    with _started(arguments, database) as dbt:
        return dbt.wait()


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


@contextmanager
def _alone() -> Iterator[int]:
    """Hold the lock that only one build can hold, and give its descriptor; wait for another's.

    The system gives the lock back when the last process that has it open ends, however it ends.
    """
    with (_WORK / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(
                "Another build is at work here: waiting for its end.", file=sys.stderr, flush=True
            )
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock.fileno()


@contextmanager
def _without_journal() -> Iterator[None]:
    """Remove the journal that a `dbt build`, killed at work, left beside the published file.

    DuckDB replays a journal into whatever file it finds under the name, so it goes before the
    rename: the old file is whole without it, the new one beside it would not be. Whoever is
    writing still is told from a killed one by DuckDB's lock on the file, and kept out meanwhile.
    """
    journals = [journal for journal in _JOURNALS if journal.exists()]
    with ExitStack() as held:
        if journals and DATABASE.exists():
            old = held.enter_context(DATABASE.open("rb"))
            try:
                fcntl.lockf(old, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except (BlockingIOError, PermissionError) as error:
                raise BuildError(
                    f"another program is writing to {DATABASE.name}, which is left to it: "
                    "build again when it has ended"
                ) from error
        for journal in journals:
            journal.unlink()
            _sync(DATABASE.parent)
        yield


def build() -> Path:
    """Build the whole project, test its data and put strike_ledger.duckdb in place.

    The file is written in a private folder on the same file system and moved into place in one
    rename when dbt says that everything passed: readers of the old file keep it, and a failed
    build changes nothing. A second build waits for the first, and for its dbt where the first was
    killed alone. Raises BuildError on failure.
    """
    try:
        _WORK.mkdir(exist_ok=True)
        with _alone() as lock:
            for stale in _WORK.glob("new_*"):
                shutil.rmtree(stale)
            free = shutil.disk_usage(_WORK).free
            if free < _ROOM:
                raise BuildError(
                    f"the disk has {free // 10**6} MB left, a build needs {_ROOM // 10**6} MB; "
                    f"{_AS_IT_WAS}"
                )
            private = Path(tempfile.mkdtemp(prefix="new_", dir=_WORK))
            try:
                _publish(_built_in(private, lock))
            finally:
                shutil.rmtree(private, ignore_errors=True)
    except OSError as error:
        reason = " ".join(str(error).split())
        raise BuildError(f"the build failed: {reason}; {_AS_IT_WAS}") from error
    return DATABASE


def _built_in(private: Path, lock: int) -> Path:
    """Let dbt build and test a whole file in a folder, and write it to the disk.

    The record is checked while dbt starts, and the gate in dbt waits for the verdict. The unit
    tests of the models, which tell nothing of the record, are left to the test suite.
    """
    fresh = private / DATABASE.name
    arguments = ["build", "--target", "duckdb", "--exclude-resource-type", "unit_test"]
    arguments += ["--no-write-json", "--log-level-file", "none"]
    verdict, told = os.pipe()
    dbt = _started(arguments, fresh, (lock, verdict), **{VERDICT: str(verdict)})
    os.close(verdict)
    with dbt, suppress(BrokenPipeError), os.fdopen(told, "w", encoding="utf-8") as pipe:
        import duckdb

        from strike_ledger.checks import check, report

        findings = check()
        pipe.write(report(findings) if findings else HOLDS)
    status = dbt.returncode
    if status < 0:
        raise BuildError(f"dbt was killed ({signal.Signals(-status).name}); {_AS_IT_WAS}")
    if status != 0 or findings:
        why = ", the disk is full" if shutil.disk_usage(private).free < _FULL else ""
        raise BuildError(f"the build failed{why}; {_AS_IT_WAS}")
    if list(private.glob(f"{fresh.name}.wal*")):
        try:
            with duckdb.connect(str(fresh)) as connection:
                connection.execute("checkpoint")
        except duckdb.Error as error:
            raise OSError(str(error)) from error
    _sync(fresh)
    return fresh


def _publish(fresh: Path) -> None:
    """Put a whole file in place in one rename."""
    with _without_journal():
        fresh.replace(DATABASE)
    try:
        _sync(DATABASE.parent)
    except OSError as error:
        raise BuildError(
            f"{DATABASE.name} is in place, but the disk did not confirm it: {error.strerror}"
        ) from error


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
