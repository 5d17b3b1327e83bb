"""How long the small build takes beside an empty dbt project, and where the time goes.

`make instant` runs both in turn, each with what an earlier run of it left behind, and writes to
small_build.json what the clock said. The seconds are of one machine; the ratio travels better.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median

from conftest import Copy

from strike_ledger.declarations import PROJECT

RESULT = PROJECT / "tests/small_build.json"
GOAL = 2  # times what the empty project takes
RUNS = 9
EMPTY = {
    "dbt_project.yml": "{name: empty, profile: empty, flags: {send_anonymous_usage_stats: false}}",
    "profiles.yml": "empty: {target: file, outputs: {file: {type: duckdb, path: empty.duckdb}}}",
    "models/one.sql": "select 1 as one",
}
# The phases of a build, in order, each with what is said at its end.
PHASES = {
    "Python and dbt start": "Running with dbt=",
    "dbt reads what it knows of the project": "Concurrency: ",
    "the record is checked": " START ",
    "tables, views and tests": "Done. PASS=",
    "the file is written and put in place": " is in place.",
}
Lines = list[tuple[float, str]]


def inputs() -> dict[str, str]:
    """Give the versions that the figures are of."""
    return {name: version(name) for name in ("dbt-core", "dbt-duckdb", "duckdb")}


def timed(command: str, folder: Path, environment: dict[str, str]) -> tuple[float, Lines]:
    """Run a command to its end: the seconds that it took, and when it said each line."""
    start = time.perf_counter()
    lines = []
    with subprocess.Popen(
        [str(Path(sys.executable).with_name(command)), "build"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        lines += [(time.perf_counter() - start, line) for line in process.stdout]
    if process.returncode != 0:
        raise SystemExit("".join(line for _, line in lines))
    return time.perf_counter() - start, lines


def phases(lines: Lines) -> dict[str, float]:
    """Give the seconds of each phase of a build."""
    ends = [next(at for at, line in lines if mark in line) for mark in PHASES.values()]
    return {
        phase: end - start for phase, start, end in zip(PHASES, [0.0, *ends], ends, strict=False)
    }


def built(lines: Lines) -> dict[str, int]:
    """Give how many nodes of each kind dbt says that it has run."""
    told = next(line for _, line in lines if "Finished running" in line)
    return {kind: int(n) for n, kind in re.findall(r"(\d+) ([a-z ]+?)(?:,| in )", told)}


def measured(runs: int = RUNS) -> dict:
    """Build the project and the empty one in turn, after a first time, and compare."""
    with tempfile.TemporaryDirectory() as name:
        copy = Copy.of_the_project(Path(name) / "project")
        empty = Path(name) / "empty"
        for path, text in EMPTY.items():
            (empty / path).parent.mkdir(parents=True, exist_ok=True)
            (empty / path).write_text(text + "\n", encoding="utf-8")
        plain = {key: value for key, value in os.environ.items() if not key.startswith("DBT_")}
        ours, theirs, of_phases = [], [], []
        for run in range(runs + 1):
            of_empty, _ = timed("dbt", empty, plain)
            of_project, lines = timed("strike-ledger", copy.folder, copy.environment())
            if run:  # the first has everything to parse and to compile
                theirs.append(of_empty)
                ours.append(of_project)
                of_phases.append(phases(lines))
    return {
        "inputs": inputs(),
        "processors": os.cpu_count(),
        "runs": runs,
        "nodes": built(lines),
        "seconds": {"empty project": round(median(theirs), 2), "build": round(median(ours), 2)},
        "ratio": round(median(ours) / median(theirs), 2),
        "where": {phase: round(median(one[phase] for one in of_phases), 2) for phase in PHASES},
    }


if __name__ == "__main__":
    result = measured()
    RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=2))
