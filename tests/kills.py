"""Builds killed with `kill -9` at moments taken at random, and what each of them left behind.

`make killed` does it 25 times with the whole project and writes down in kills.json what was found;
the tests do it a few times with a small one, and compare the file with the code of today.
"""

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from conftest import Copy
from content import table_hashes

from strike_ledger.declarations import PROJECT

RESULT = PROJECT / "tests/kills.json"
N_KILLS = 25
SEED = 20240115
INPUTS = ("strike_ledger/build.py", "tests/kills.py")
# Where damage could happen there are more moments: dbt writes its file out as it ends, and the
# file is checked, written to the disk and put in place after dbt.
PHASES = ("while dbt works", "while dbt ends", "after dbt")
_WEIGHTS = (9, 6, 10)
_PATIENCE = 300


def inputs() -> str:
    """Give the hash of what the kills depend on."""
    found = hashlib.sha256()
    for path in INPUTS:
        found.update((PROJECT / path).read_bytes())
    for package in ("dbt-duckdb", "duckdb"):
        found.update(f"{package} {version(package)}".encode())
    return found.hexdigest()


@dataclass(frozen=True)
class Moment:
    """When a build is killed, and whether its dbt is killed with it or lives on alone."""

    phase: str
    share: float  # of the lines that dbt says, or of the time that the phase takes
    pause: float  # seconds after the line
    alone: bool


def moments(number: int) -> list[Moment]:
    """Give the moments at which that many builds are killed; they are always the same."""
    drawn = random.Random(SEED)  # noqa: S311
    phases = [phase for phase, n in zip(PHASES, _WEIGHTS, strict=True) for _ in range(n)]
    if number < len(phases):
        phases = [PHASES[n % len(PHASES)] for n in range(number)]
    return [
        Moment(phase, round(drawn.random(), 3), drawn.uniform(0, 0.3), n % 2 == 1)
        for n, phase in enumerate(phases)
    ]


@contextmanager
def started(
    copy: Copy, *arguments: str, under: Sequence[str] = (), **variables: str
) -> Iterator[tuple[subprocess.Popen, Path]]:
    """Run `strike-ledger`, or Python on arguments of its own, in a group of its own.

    Gives the process and the file with what it says. Nothing of the group outlives the block.
    """
    command = [str(Path(sys.executable).with_name("strike-ledger")), "build"]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as said:
        process = subprocess.Popen(
            [*under, *([sys.executable, *arguments] if arguments else command)],
            cwd=copy.folder,
            env=copy.environment(PYTHONUNBUFFERED="1", **variables),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process, Path(said.name)
        finally:
            end(process)
            process.wait()


def end(process: subprocess.Popen) -> None:
    """Kill a process with all that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def until(
    condition: Callable[[], bool], process: subprocess.Popen | None = None, every: float = 0.01
) -> None:
    """Wait for a condition, or for the end of a process."""
    last = time.monotonic() + _PATIENCE
    while not condition() and (process is None or process.poll() is None):
        assert time.monotonic() < last, "nothing happened"
        time.sleep(every)


def children(process: subprocess.Popen) -> list[str]:
    """Give the numbers of the processes that a process has started and that are there still."""
    try:
        return Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def alive(number: str) -> bool:
    """Tell whether a process is at work; one that nobody has buried yet is not."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def private_files(copy: Copy) -> list[str]:
    """Give the names of the files of a build at work, or of one that was killed."""
    return sorted(path.name for path in (copy.folder / ".build").glob("new_*/*"))


def at_work(copy: Copy) -> bool:
    """Tell whether dbt has begun to write a file."""
    return bool(private_files(copy))


def lines(said: Path) -> list[str]:
    """Give the lines that a build has said."""
    return said.read_text(encoding="utf-8").splitlines()


def dbt_is_done(said: Path) -> bool:
    """Tell whether dbt has said its last line."""
    return any("Done. PASS=" in line for line in lines(said))


@dataclass
class Pace:
    """How an undisturbed build goes: the lines that it says, and the seconds of its end."""

    n_lines: int
    dbt_ends: float
    after_dbt: float

    @classmethod
    def of(cls, copy: Copy, **variables: str) -> "Pace":
        """Build once and look at the clock."""
        with started(copy, **variables) as (process, said):
            until(lambda: dbt_is_done(said), process)
            done = time.monotonic()
            until(lambda: not children(process), process, every=0.0005)
            ended = time.monotonic()
            assert process.wait() == 0, said.read_text()
            return cls(len(lines(said)), ended - done, time.monotonic() - ended)


def state(copy: Copy) -> tuple[str, dict[str, tuple[str, ...]]]:
    """Give the bytes' hash and the contents of the published file, which must open and be alone."""
    databases = [path.name for path in copy.folder.glob("*.duckdb*")]
    assert databases == [copy.database.name], databases
    contents = table_hashes(copy.database)
    return hashlib.sha256(copy.database.read_bytes()).hexdigest(), contents


def kill(copy: Copy, moment: Moment, pace: Pace, **variables: str) -> dict[str, str]:
    """Start a build, kill it at a moment, and tell what was left and what a reader finds.

    The published file is the old one to the byte, or the new one whole where it was in place.
    Where the build was quicker than the kill, another is killed sooner.
    """
    old, contents = state(copy)
    with started(copy, **variables) as (process, said):
        if moment.phase == PHASES[0]:
            until(lambda: len(lines(said)) >= moment.share * pace.n_lines, process)
            time.sleep(moment.pause)
        elif moment.phase == PHASES[1]:
            until(lambda: dbt_is_done(said), process)
            time.sleep(moment.share * pace.dbt_ends)
        else:
            until(lambda: dbt_is_done(said), process)
            until(lambda: not children(process), process, every=0.0005)
            time.sleep(moment.share * pace.after_dbt)
        dbt = children(process)
        if moment.alone:
            process.kill()
        else:
            end(process)
        ended = process.wait()
        left = private_files(copy)
        until(lambda: not any(map(alive, dbt)))
    new, found = state(copy)
    assert found == contents
    if ended != -signal.SIGKILL:
        assert ended == 0, f"the build ended with {ended}"
        return kill(copy, replace(moment, share=moment.share / 2), pace, **variables)
    return {
        "moment": f"{moment.phase}, {moment.share:.3f}",
        "killed": "strike-ledger alone" if moment.alone else "strike-ledger and dbt",
        "left": ", ".join(left) or "nothing",
        "found": "the old file" if new == old else "the new file",
    }


def killed(copy: Copy, number: int, **variables: str) -> list[dict[str, str]]:
    """Kill that many builds, then build once undisturbed, which must clear up."""
    pace = Pace.of(copy, **variables)
    found = []
    for moment in moments(number):
        found.append(kill(copy, moment, pace, **variables))
        print("; ".join(found[-1].values()), flush=True)
    with started(copy) as (process, said):
        assert process.wait() == 0, said.read_text()
    state(copy)
    assert [path.name for path in (copy.folder / ".build").iterdir()] == ["lock"]
    return found


if __name__ == "__main__":
    result = {"inputs": inputs()}
    with tempfile.TemporaryDirectory() as folder:
        whole = Copy.of_the_project(Path(folder) / "project")
        result["kills"] = killed(whole, N_KILLS)
    RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
