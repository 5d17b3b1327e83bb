"""Whether the published file is whole at every moment, whatever happens to a build.

Builds are killed, starved of room, started twice and watched by readers, for real. What is built
makes no difference to that, so it happens in a small project: some tables and one view.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import duckdb
import kills
import pytest
from conftest import Copy
from content import table_hashes
from kills import PHASES, at_work, children, lines, private_files, started, state, until

SEEDS = {"actors", "codes", "countries", "statements"}
FIRST, SECOND = "first", "second"
COMMIT = "select git_commit from about"
# In place of the check of a record that is not there.
CHECKS = "def check(): return []\ndef report(findings): raise AssertionError(findings)\n"
ABOUT = "select '{{ env_var(\"STRIKE_LEDGER_COMMIT\") }}' as git_commit\n"
AS_IT_WAS = "strike_ledger.duckdb is as it was"
WAITS = "Another build is at work here: waiting for its end."
# A second process that holds the file open and answers once more when told to.
READER = f"""
import duckdb, sys
connection = duckdb.connect(sys.argv[1], read_only=sys.argv[2] == "read")
for _ in range(2):
    print(connection.execute({COMMIT!r}).fetchone()[0], flush=True)
    sys.stdin.readline()
"""
# A writer that is killed, or left waiting, before DuckDB has moved its journal into the file.
WRITER = """
import duckdb, os, signal, sys
connection = duckdb.connect(sys.argv[1])
connection.execute("create table main.torn as select 1 as n")
print("written", flush=True)
sys.stdin.readline()
os.kill(os.getpid(), signal.SIGKILL)
"""
# A build whose dbt is done at once: it leaves a ready file with its journal. What follows is real.
# It kills itself before a given line of build.py, or tells what it has the disk do; it may fill the
# disk first.
BUILD = """
import os, shutil, signal, subprocess, sys
from pathlib import Path
from strike_ledger import build

ready, last, ballast = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]

def dbt(arguments, database, inherited, **variables):
    assert arguments[0] == "build" and inherited and variables
    for path in ready.glob("*.duckdb*"):
        shutil.copy(path, database.parent)
    for path in ballast:
        with Path(path).open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass
    return subprocess.Popen(["true"])

def trace(frame, event, _):
    global last
    if frame.f_code.co_filename != build.__file__:
        return None
    if event == "line":
        last -= 1
        if last == 0:
            os.kill(os.getpid(), signal.SIGKILL)
    return trace

def sync(descriptor, sync=os.fsync):
    print("sync", Path(os.readlink(f"/proc/self/fd/{descriptor}")).name)
    sync(descriptor)

def audit(event, arguments):
    if event == "os.rename" or (event == "os.remove" and "new_" not in str(arguments[0])):
        print(event, Path(arguments[0]).name)

build._started = dbt
if last == 0:
    os.fsync = sync
    sys.addaudithook(audit)
sys.settrace(trace)
try:
    build.build()
except build.BuildError as error:
    sys.exit(f"Error: {error}")
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """Give a built copy of the project with few seeds, one view and no check of the record."""
    copy = Copy.of_the_project(tmp_path_factory.mktemp("small") / "project")
    for folder in ("models", "analyses", "tests"):
        shutil.rmtree(copy.folder / folder)
    (copy.folder / "models").mkdir()
    shutil.copy(kills.PROJECT / "models/columns.md", copy.folder / "models")
    (copy.folder / "models/about.sql").write_text(ABOUT, encoding="utf-8")
    (copy.folder / "tests/dbt").mkdir(parents=True)
    for path in copy.folder.glob("seeds*/*"):
        if path.stem not in SEEDS:
            path.unlink()
    (copy.folder / "strike_ledger/checks.py").write_text(CHECKS, encoding="utf-8")
    settings = copy.folder / "dbt_project.yml"
    told = settings.read_text(encoding="utf-8")
    assert "+contract: {enforced: true}" in told
    settings.write_text(told.replace("+contract: {enforced: true}", ""), encoding="utf-8")
    done = copy.run("strike-ledger", "build", STRIKE_LEDGER_COMMIT=FIRST)
    assert done.returncode == 0, done.stdout + done.stderr
    return copy


@pytest.fixture
def good(small: Copy) -> Iterator[Copy]:
    """Lend the small project; its database must be byte for byte as it was, and alone."""
    before = state(small)
    yield small
    assert state(small) == before
    assert private_files(small) == []


@pytest.fixture
def mine(small: Copy, tmp_path: Path) -> Copy:
    """Give a copy of the small project, built, for one test."""
    shutil.copytree(small.folder, tmp_path / "project")
    return Copy(tmp_path / "project")


@pytest.fixture
def ready(small: Copy, tmp_path: Path) -> Path:
    """Give a folder with what dbt leaves when it cannot tidy up: a file and its journal."""
    folder = tmp_path / "ready"
    folder.mkdir()
    fresh = shutil.copy(small.database, folder)
    with duckdb.connect(str(fresh)) as connection:
        connection.execute("pragma disable_checkpoint_on_shutdown")
        connection.execute(f"create or replace view about as select '{SECOND}' as git_commit")
        connection.execute("create table record.large as select range as n from range(50000)")
    assert len(list(folder.iterdir())) == 2
    return folder


def told(database: Path) -> str:
    """Give what the file says of the commit that it was built from."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(COMMIT).fetchone()[0]


def has_begun(copy: Copy) -> bool:
    """Tell whether a build holds the lock."""
    return any((copy.folder / ".build").glob("new_*"))


def finish(process: subprocess.Popen, said: Path) -> list[str]:
    """Wait for a build that must succeed, and give the lines that it said."""
    assert process.wait() == 0, said.read_text()
    return lines(said)


def test_a_failing_test_of_the_data_keeps_the_last_good_file(good: Copy) -> None:
    """The file is put in place only when everything passed, not when it was merely written."""
    planted = good.folder / "tests/dbt/planted.sql"
    planted.write_text("select * from {{ ref('about') }}\n", encoding="utf-8")
    try:
        done = good.run("strike-ledger", "build")
    finally:
        planted.unlink()
    assert done.returncode == 1
    assert done.stderr == f"Error: the build failed; {AS_IT_WAS}\n"
    assert "planted" in done.stdout


def test_the_environment_does_not_lead_dbt_elsewhere(mine: Copy) -> None:
    """A dbt that built another target and said all is well would have an empty file published."""
    done = mine.run("strike-ledger", "build", DBT_TARGET="spark", STRIKE_LEDGER_COMMIT=SECOND)
    assert done.returncode == 0, done.stdout
    assert told(mine.database) == SECOND


class Reader:
    """A process that holds a file open, and answers when asked."""

    def __init__(self, database: Path, mode: str) -> None:
        """Open the file to read, or to write as DuckDB's command does unless told otherwise."""
        self.process = subprocess.Popen(
            [sys.executable, "-c", READER, str(database), mode],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.first = self.process.stdout.readline().strip()

    def last(self) -> str:
        """Ask once more, and close the file."""
        rest, _ = self.process.communicate("\n\n")
        return rest.strip()


def test_readers_block_nothing_and_keep_their_answers(mine: Copy) -> None:
    """Readers see one state of the record, the old one or the new one, and block no build."""
    before = Reader(mine.database, "read")
    inode = mine.database.stat().st_ino
    with started(mine, STRIKE_LEDGER_COMMIT=SECOND) as (process, said):
        until(lambda: has_begun(mine), process)
        midway = Reader(mine.database, "read")
        assert process.poll() is None
        assert finish(process, said)[-1] == "strike_ledger.duckdb is in place."
    after = Reader(mine.database, "read")
    assert (before.first, midway.first, after.first) == (FIRST, FIRST, SECOND)
    assert (before.last(), midway.last(), after.last()) == (FIRST, FIRST, SECOND)
    assert mine.database.stat().st_ino != inode, "the old file was written over"
    assert private_files(mine) == []


def test_a_reader_that_forgot_to_open_for_reading_only_blocks_nothing(
    mine: Copy, ready: Path
) -> None:
    """DuckDB's command opens for writing unless it is told otherwise."""
    reader = Reader(mine.database, "write")
    with started(mine, "-c", BUILD, str(ready), "0") as (process, said):
        finish(process, said)
    assert (reader.last(), told(mine.database)) == (FIRST, SECOND)
    state(mine)


def test_builds_killed_at_random_leave_the_good_file(mine: Copy) -> None:
    """By kill -9, of all processes or of the first alone: while dbt works, and at its end."""
    found = kills.killed(mine, len(PHASES))
    assert {row["killed"] for row in found} == {"strike-ledger alone", "strike-ledger and dbt"}
    assert {row["found"] for row in found} <= {"the old file", "the new file"}


def test_the_result_of_the_kills_is_of_this_code() -> None:
    """The whole project is killed less often than the tests run; its result must not be stale."""
    result = json.loads(kills.RESULT.read_text(encoding="utf-8"))
    assert result["inputs"] == kills.inputs(), "run `make killed`, and commit tests/kills.json"
    found = result["kills"]
    assert len(found) == kills.N_KILLS
    assert {row["moment"].split(",")[0] for row in found} == set(PHASES)
    assert {row["found"] for row in found} <= {"the old file", "the new file"}


@pytest.fixture
def torn(mine: Copy) -> Path:
    """Give the journal that a killed writer has left beside the published file."""
    writer = [sys.executable, "-c", WRITER, str(mine.database)]
    done = subprocess.run(writer, input="\n", text=True, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL
    journal = mine.database.with_name("strike_ledger.duckdb.wal")
    assert journal.stat().st_size > 0
    return journal


def test_killed_before_any_line_a_build_leaves_one_whole_file(
    mine: Copy, ready: Path, torn: Path
) -> None:
    """A reader finds the old file, with its own journal or without, or the new file alone.

    A plain `dbt build` killed at work leaves a journal. DuckDB replays it into whatever file has
    the name, so at no line may it lie beside the new one.
    """
    old, journal = mine.database.read_bytes(), torn.read_bytes()
    with duckdb.connect(str(shutil.copytree(ready, ready.with_name("new")) / mine.database.name)):
        pass
    new = table_hashes(ready.with_name("new") / mine.database.name)
    found = []
    status = -signal.SIGKILL
    while status == -signal.SIGKILL:
        mine.database.write_bytes(old)
        torn.write_bytes(journal)
        with started(mine, "-c", BUILD, str(ready), str(len(found) + 1)) as (process, said):
            status = process.wait()
        if mine.database.read_bytes() == old:
            assert told(mine.database) == FIRST
            assert not torn.exists() or torn.read_bytes() == journal
            found.append(f"old, {'torn' if torn.exists() else 'whole'}")
        else:
            assert not torn.exists(), found
            assert table_hashes(mine.database) == new
            found.append("new")
    assert status == 0, said.read_text()
    assert list(dict.fromkeys(found)) == ["old, torn", "old, whole", "new"]
    assert len(found) > 30, "the lines of build.py were not followed"
    assert state(mine)[1] == new


def test_the_disk_has_the_file_before_the_name(mine: Copy, ready: Path, torn: Path) -> None:
    """A power cut would show what kill does not: a name on the disk whose file is not there yet."""
    with started(mine, "-c", BUILD, str(ready), "0") as (process, said):
        assert finish(process, said) == [
            f"sync {mine.database.name}",
            f"os.remove {torn.name}",
            f"sync {mine.folder.name}",
            f"os.rename {mine.database.name}",
            f"sync {mine.folder.name}",
        ]


def test_a_file_that_is_being_written_is_left_to_its_writer(mine: Copy, ready: Path) -> None:
    """The journal of a plain `dbt build` at work is no stale one."""
    journal = mine.database.with_name("strike_ledger.duckdb.wal")
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(mine.database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        writer.stdout.readline()
        before = mine.database.read_bytes(), journal.read_bytes()
        with started(mine, "-c", BUILD, str(ready), "0") as (process, said):
            assert process.wait() == 1
            assert lines(said)[-1] == (
                "Error: another program is writing to strike_ledger.duckdb, which is left to it: "
                "build again when it has ended"
            )
        assert (mine.database.read_bytes(), journal.read_bytes()) == before
        writer.kill()
    with started(mine, "-c", BUILD, str(ready), "0") as (process, said):
        finish(process, said)
    assert told(mine.database) == SECOND
    state(mine)


def test_of_two_builds_at_once_one_waits(mine: Copy) -> None:
    """Both succeed, one after the other, and one of them says that it waits."""
    with (
        started(mine, STRIKE_LEDGER_COMMIT=SECOND) as one,
        started(mine, STRIKE_LEDGER_COMMIT=SECOND) as other,
    ):
        said = [finish(*one), finish(*other)]
    assert sorted(text.count(WAITS) for text in said) == [0, 1]
    assert told(mine.database) == SECOND
    state(mine)
    assert private_files(mine) == []


@pytest.mark.parametrize("alone", [False, True], ids=["with its dbt", "alone"])
def test_a_build_that_waits_goes_on_when_the_other_is_killed(mine: Copy, alone: bool) -> None:
    """A dbt that outlives its build cannot publish, and nobody builds beside it."""
    with started(mine, STRIKE_LEDGER_COMMIT="killed") as (first, _):
        until(lambda: has_begun(mine), first)
        with started(mine, STRIKE_LEDGER_COMMIT=SECOND) as (second, said):
            until(lambda: WAITS in lines(said), second)
            until(lambda: at_work(mine), first)
            (orphan,) = children(first)
            first.kill() if alone else kills.end(first)
            first.wait()
            if alone:
                assert kills.alive(orphan)
                until(lambda: children(second), second)
                assert not kills.alive(orphan), "two builds at once"
                assert told(mine.database) == FIRST
            assert finish(second, said)[-1] == "strike_ledger.duckdb is in place."
    assert told(mine.database) == SECOND
    state(mine)
    assert private_files(mine) == []


def test_a_dbt_that_is_killed_is_told(good: Copy) -> None:
    """The system kills what takes too much memory, and dbt says nothing of it."""
    with started(good) as (process, said):
        until(lambda: at_work(good), process)
        os.kill(int(children(process)[0]), signal.SIGKILL)
        assert process.wait() == 1
        assert f"Error: dbt was killed (SIGKILL); {AS_IT_WAS}" in lines(said)


@pytest.fixture
def disk(small: Copy, tmp_path: Path) -> Iterator[Copy]:
    """Give a copy of the small project on a disk of its own of 128 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=128m", "tmpfs", str(folder)]
    refused = subprocess.run(mount, capture_output=True, text=True, check=False)
    if refused.returncode != 0:
        pytest.skip(f"a disk cannot be mounted here: {refused.stderr.strip()}")
    try:
        shutil.copytree(small.folder, folder / "project")
        yield Copy(folder / "project")
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def fill(copy: Copy, left: int) -> None:
    """Fill the disk of a copy until so many bytes are left, while others may write to it."""
    with (copy.folder / "ballast").open("wb", buffering=0) as file, suppress(OSError):
        while (room := shutil.disk_usage(copy.folder).free - left) > 0:
            file.write(bytes(min(room, 65536)))


def test_a_disk_with_little_room_is_told_before_dbt_begins(disk: Copy) -> None:
    """Nobody waits for a build that cannot succeed."""
    before = state(disk)
    fill(disk, 90_000_000)
    done = disk.run("strike-ledger", "build")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"Error: the disk has 89 MB left, a build needs 100 MB; {AS_IT_WAS}\n"
    assert state(disk) == before


def test_a_disk_that_fills_up_while_dbt_works(disk: Copy, ready: Path) -> None:
    """Another program takes the room that there was when the build began."""
    before = state(disk)
    with started(disk) as (process, said):
        until(lambda: at_work(disk), process)
        fill(disk, 0)
        assert process.wait() == 1
        assert lines(said)[-1] == f"Error: the build failed, the disk is full; {AS_IT_WAS}"
        assert "strike_ledger/build.py" not in said.read_text(), "a traceback of ours"
    assert state(disk) == before
    assert private_files(disk) == []
    (disk.folder / "ballast").unlink()
    with started(disk, "-c", BUILD, str(ready), "0") as (process, said):
        finish(process, said)
    assert told(disk.database) == SECOND


def test_a_disk_that_fills_up_after_dbt(disk: Copy, ready: Path) -> None:
    """All is well for dbt, but what it left in the journal finds no room in the file."""
    before = state(disk)
    ballast = str(disk.folder / "ballast")
    with started(disk, "-c", BUILD, str(ready), "0", ballast) as (process, said):
        assert process.wait() == 1
        only = lines(said)[-1]
        assert only.startswith("Error: the build failed: ")
        assert "Traceback" not in said.read_text()
        assert "No space left on device" in only
        assert only.endswith(f"; {AS_IT_WAS}")
    assert state(disk) == before
    assert private_files(disk) == []


@pytest.mark.parametrize(
    ("limit", "reason"),
    [(100_000, ""), (1_000_000, "File too large")],
    ids=["dbt's own files", "the database, as it is written out"],
)
def test_files_that_may_not_grow(good: Copy, limit: int, reason: str) -> None:
    """The same where no disk can be mounted: a write fails at some size of the file."""
    with started(good, under=["prlimit", f"--fsize={limit}"]) as (process, said):
        assert process.wait() == 1
        assert lines(said)[-1].startswith("Error: the build failed")
        assert reason in lines(said)[-1]
        assert lines(said)[-1].endswith(f"; {AS_IT_WAS}")
        assert "strike_ledger/build.py" not in said.read_text(), "a traceback of ours"


def test_a_folder_that_may_not_be_written_is_told(good: Copy) -> None:
    """Where this runs as root, which may write anywhere, root gives that up."""
    under = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []
    work = good.folder / ".build"
    work.chmod(0o555)
    (work / "lock").chmod(0o444)
    try:
        with started(good, under=under) as (process, said):
            assert process.wait() == 1
            (only,) = lines(said)
            assert only.startswith("Error: the build failed: [Errno 13] Permission denied")
            assert only.endswith(f"; {AS_IT_WAS}")
    finally:
        work.chmod(0o755)
        (work / "lock").chmod(0o644)
