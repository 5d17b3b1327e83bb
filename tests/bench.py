"""How the build grows: the same models over synthetic records of a thousand to five million events.

`make bench` runs everything, in an hour or more, and writes tests/bench.json, from which the tables
and the plot of docs/scale.md are made; `python tests/bench.py dbt 1000` runs one engine at one size
and leaves the other results as they stand. Each run is a process of its own: its time is that of
the clock, its memory the most that it and its children held together, looked at every tenth of a
second. What is compared was run on the same machine, one after the other, with nothing beside it.

What is run, over Parquet that tests/synthetic.py draws:
- dbt: `dbt build --target bulk` with every test of the data. The unit tests try rules on rows of
  their own, and do not grow with the record; they are left out.
- straight: the same compiled SQL, models and tests, sent to DuckDB one after the other: the limit.
- two_views: of these, only what `civilian_harm_by_strike` and `reactions_by_country` need.
- pandas, polars: these two views written by hand.
- postgres: `dbt build --target postgres`, the rows being there already; its server's memory is
  its own matter and is not measured.
- spark: the seeds and models on Spark, on two cores and on one, with 8 GB.
"""

import hashlib
import importlib
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from graphlib import TopologicalSorter
from importlib.metadata import version
from pathlib import Path

import duckdb
from synthetic import ORIGIN, generate

from strike_ledger.declarations import PROJECT, RECORD, REPORTS, tables

RESULT = Path(__file__).with_name("bench.json")
SIZES = (1_000, 100_000, 1_000_000, 5_000_000)
LARGEST = {  # where nothing is said an engine is run at every size
    "two_views": 1_000_000,
    "pandas": 1_000_000,
    "polars": 1_000_000,
    "postgres": 100_000,
    "spark_2": 100_000,
    "spark_1": 100_000,
}
ENGINES = ("dbt", "straight", "two_views", "pandas", "polars", "postgres", "spark_2", "spark_1")
TWO_VIEWS = ("civilian_harm_by_strike", "reactions_by_country")
# What DuckDB may take, in GB, at each size; the process itself needs some more.
MEMORY_GB = {1_000: 2.7, 100_000: 2.7, 1_000_000: 2.7, 5_000_000: 8.0}
NAME = "strike_ledger_bulk"
_LOOKS_PER_SECOND = 10


def measured(command: Sequence[str | Path], **variables: str) -> dict[str, float]:
    """Run a command; give its seconds and the most memory it held, in GB. Ends where it fails."""
    import psutil  # noqa: PLC0415 - Spark's environment has none, and does not measure

    start, most = time.monotonic(), 0
    with tempfile.TemporaryFile("w+") as output:
        running = subprocess.Popen(
            [str(word) for word in command],
            cwd=PROJECT,
            env={**os.environ, "PYTHONPATH": f"{PROJECT}:{PROJECT / 'tests'}", **variables},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        process = psutil.Process(running.pid)
        while running.poll() is None:
            with suppress(psutil.NoSuchProcess):
                family = [process, *process.children(recursive=True)]
                most = max(most, sum(member.memory_info().rss for member in family))
            time.sleep(1 / _LOOKS_PER_SECOND)
        seconds = time.monotonic() - start
        if running.returncode != 0:
            output.seek(0)
            sys.exit(f"{' '.join(map(str, command))} failed:\n{output.read()[-4000:]}")
    return {"seconds": round(seconds, 2), "gigabytes": round(most / 1e9, 2)}


def _built(target: str, imports: str, folder: Path, **variables: str) -> dict[str, float]:
    """Let dbt build a target with all tests of the data, and measure it."""
    dbt = Path(sys.executable).with_name("dbt")
    command = [dbt, "build", "--target", target, "--exclude-resource-type", "unit_test"]
    command += ["--vars", json.dumps({"imports": imports})]
    return measured([*command, "--target-path", folder, "--log-path", folder], **variables)


def run_dbt(imports: Path, work: Path) -> dict:
    """Build the target bulk, and tell what each node took."""
    found = _built(
        "bulk",
        str(imports),
        work / "target",
        STRIKE_LEDGER_BULK=str(work / f"{NAME}.duckdb"),
    )
    results = json.loads((work / "target/run_results.json").read_text(encoding="utf-8"))["results"]
    took = {node["unique_id"]: round(node["execution_time"], 2) for node in results}
    return found | {"nodes": dict(sorted(took.items(), key=lambda item: -item[1]))}


def run_postgres(imports: Path, work: Path) -> dict:
    """Put the rows into a server of our own, and build the target postgres there."""
    import psycopg2  # noqa: PLC0415 - none of these is in Spark's environment
    from conftest import running_postgres  # noqa: PLC0415

    with running_postgres() as server:
        with psycopg2.connect(host=server["PGHOST"], user="postgres", dbname="postgres") as opened:
            cursor = opened.cursor()
            cursor.execute("create schema imported")
            for table in tables(RECORD).values():
                parquet, rows = imports / table.name / "*/*.parquet", work / f"{table.name}.csv"
                types = {column.name: column.data_type for column in table.columns}
                types |= dict.fromkeys(ORIGIN, "text")
                duckdb.sql(
                    f"copy (select {', '.join(types)} from '{parquet}') to '{rows}' "
                    "(format csv, header)"
                )
                columns = ", ".join(
                    f"{name} {'text' if kind == 'string' else kind}" for name, kind in types.items()
                )
                cursor.execute(f"create table imported.{table.name} ({columns})")
                with rows.open(encoding="utf-8") as file:
                    cursor.copy_expert(
                        f"copy imported.{table.name} from stdin (format csv, header)", file
                    )
                rows.unlink()
        found = _built("postgres", "imported", work / "postgres", **server)
    return {"seconds": found["seconds"]}


def straight(work: Path, wanted: Iterable[str] = ()) -> None:
    """Send the SQL that dbt compiled into `work` straight to DuckDB, into a file of its own.

    With `wanted` only these views and what they need, without the tests.
    """
    manifest = json.loads((work / "target/manifest.json").read_text(encoding="utf-8"))
    nodes = {
        key: node
        for key, node in manifest["nodes"].items()
        if node["resource_type"] in ("seed", "model", "test")
    }
    parents = {
        key: [parent for parent in node["depends_on"].get("nodes", ()) if parent in nodes]
        for key, node in nodes.items()
    }
    if wanted:
        needed = {f"model.strike_ledger.{name}" for name in wanted}
        while more := {parent for key in needed for parent in parents[key]} - needed:
            needed |= more
    else:
        needed = set(nodes)
    database = work / "straight" / f"{NAME}.duckdb"
    shutil.rmtree(database.parent, ignore_errors=True)
    database.parent.mkdir()
    memory = os.environ["STRIKE_LEDGER_MEMORY"]
    settings = {"preserve_insertion_order": False, "memory_limit": memory}
    with duckdb.connect(str(database), config=settings) as connection:
        for schema in {node["schema"] for node in nodes.values()}:
            connection.execute(f"create schema if not exists {schema}")
        for key in TopologicalSorter(parents).static_order():
            if key in needed:
                _create(connection, nodes[key])


def _create(connection: duckdb.DuckDBPyConnection, node: dict) -> None:
    if node["resource_type"] == "seed":
        types = ", ".join(f"{name} {kind}" for name, kind in node["config"]["column_types"].items())
        path = PROJECT / node["original_file_path"]
        connection.execute(f"create table {node['relation_name']} ({types})")
        connection.execute(
            f"insert into {node['relation_name']} "
            f"select * from read_csv('{path}', header = true, all_varchar = true)"
        )
        return
    sql = (PROJECT / node["compiled_path"]).read_text(encoding="utf-8")
    if node["resource_type"] == "test":
        ((n_rows,),) = connection.execute(f"select count(*) from ({sql}) as found").fetchall()
        if n_rows:
            sys.exit(f"{node['name']}: {n_rows} rows")
    elif node["config"]["materialized"] == "view":
        connection.execute(f"create view {node['relation_name']} as {sql}")
    elif node["contract"]["enforced"]:
        types = ", ".join(f"{name} {c['data_type']}" for name, c in node["columns"].items())
        connection.execute(f"create table {node['relation_name']} ({types})")
        connection.execute(f"insert into {node['relation_name']} {sql}")
    else:
        connection.execute(f"create table {node['relation_name']} as {sql}")


def by_hand(library: str, imports: Path, work: Path) -> None:
    """Make the two views with pandas or polars, and leave sums to be held against those of SQL."""
    views = importlib.import_module(f"by_hand_{library}")
    rows = views.read(imports)
    harm, reactions = views.both(rows)
    made = [
        len(harm),
        int(harm["killed_best"].sum()),
        len(reactions),
        int(reactions["n_acts"].sum()),
    ]
    (work / "by_hand.json").write_text(json.dumps(made), encoding="utf-8")


def answers(work: Path) -> list[int]:
    """Give the same sums of the two views that SQL made, without the strikes of the record."""
    with duckdb.connect(str(work / "straight" / f"{NAME}.duckdb"), read_only=True) as connection:
        return [
            number
            for view, column in zip(TWO_VIEWS, ("killed_best", "n_acts"), strict=True)
            for number in connection.execute(
                f"select count(*), sum({column}) from {view} where event_id like 'evt_syn_%'"
            ).fetchone()
        ]


def questions(work: Path) -> dict[str, float]:
    """Give for each report the milliseconds of a question for one key: the median of five."""
    took = {}
    with duckdb.connect(str(work / f"{NAME}.duckdb"), read_only=True) as connection:
        for view in tables(REPORTS).values():
            key = view.primary_key[0]
            (asked,) = connection.execute(
                f"select {key} from {view.name} using sample 1 rows (reservoir, 1)"
            ).fetchone()
            times = []
            for _ in range(5):
                start = time.perf_counter()
                connection.execute(f"select * from {view.name} where {key} = ?", [asked]).fetchall()
                times.append(1000 * (time.perf_counter() - start))
            took[view.name] = round(statistics.median(times), 1)
    return took


def on_spark(cores: int, imports: Path, work: Path) -> None:
    """Load the seeds and build the models on a Spark that runs in this process."""
    import spark  # noqa: PLC0415 - only Spark's environment has it

    (work / "spark").mkdir(exist_ok=True)
    arguments = ["--vars", json.dumps({"imports": str(imports)})]
    arguments += ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
    settings = {
        "spark.driver.memory": "8g",
        "spark.driver.extraJavaOptions": "",
        "spark.sql.adaptive.enabled": "true",
        "spark.sql.shuffle.partitions": "8",
    }
    with spark.running_spark(work / "spark", cores, settings):
        if not spark.dbt(PROJECT, work / "spark", "build", *arguments):
            sys.exit("Spark did not build it")


def exponent(results: dict, engine: str, measure: str = "seconds", least: int = 100_000) -> float:
    """Fit how a measure grows with the number of events: 1 is in proportion to it."""
    points = [
        (math.log(int(size)), math.log(found[engine][measure]))
        for size, found in results["sizes"].items()
        if int(size) >= least and engine in found
    ]
    slope = statistics.linear_regression(*zip(*points, strict=True)).slope
    return round(slope, 2)


def inputs() -> dict[str, str]:
    """Name what was measured, and on what."""
    hashed = hashlib.sha256()
    for path in sorted(
        [
            *PROJECT.glob("models/*/*.sql"),
            *PROJECT.glob("macros/*.sql"),
            *PROJECT.glob("seeds*/*.csv"),
        ]
    ):
        hashed.update(path.read_bytes())
    import psutil  # noqa: PLC0415

    return {
        "models, macros and seeds": hashed.hexdigest()[:12],
        "processors": str(os.cpu_count()),
        "memory of the machine": f"{psutil.virtual_memory().total / 1e9:.0f} GB",
        **{name: version(name) for name in ("duckdb", "dbt-duckdb", "pandas", "polars")},
    }


def run(engine: str, imports: Path, work: Path) -> dict:
    """Run one engine over one record."""
    me = [sys.executable, __file__]
    if engine == "dbt":
        return run_dbt(imports, work)
    if engine in ("straight", "two_views"):
        return measured([*me, "--" + engine, work])
    if engine in ("pandas", "polars"):
        found = measured([*me, "--by-hand", engine, imports, work])
        made = json.loads((work / "by_hand.json").read_text(encoding="utf-8"))
        if made != answers(work):
            sys.exit(f"{engine} found {made}, and SQL {answers(work)}")
        return found
    if engine == "postgres":
        return run_postgres(imports, work)
    python = PROJECT / ".venv-spark/bin/python"
    cores = engine.removeprefix("spark_")
    found = measured([python, __file__, "--spark", cores, imports, work])
    return {"seconds": found["seconds"]}  # Java takes what memory it is given


def bench(engines: Sequence[str], sizes: Sequence[int]) -> None:
    """Run engines at sizes, and write down what is found after each."""
    results = json.loads(RESULT.read_text(encoding="utf-8")) if RESULT.exists() else {"sizes": {}}
    results |= {"inputs": inputs()}
    for size in sizes:
        found = results["sizes"].setdefault(str(size), {})
        found["memory_limit"] = MEMORY_GB.get(size, max(MEMORY_GB.values()))
        os.environ["STRIKE_LEDGER_MEMORY"] = f"{found['memory_limit']}GB"
        with tempfile.TemporaryDirectory(prefix="bench_") as folder:
            work = Path(folder)
            found["rows"] = sum(generate(size, work / "imports").values())
            for engine in engines:
                if size > LARGEST.get(engine, size):
                    continue
                found[engine] = run(engine, work / "imports", work)
                told = {k: v for k, v in found[engine].items() if k != "nodes"}
                print(f"{size:>9} events  {engine:<10} {told}", flush=True)
                if engine == "dbt":
                    found["questions"] = questions(work)
                    found["database_gigabytes"] = round(
                        (work / f"{NAME}.duckdb").stat().st_size / 1e9, 2
                    )
                    (work / f"{NAME}.duckdb").unlink()
                RESULT.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    plot(results)


def plot(results: dict) -> None:
    """Draw how the seconds grow with the events, on two logarithmic scales, into docs/scale.svg."""
    import altair  # noqa: PLC0415 - Spark's environment has none

    points = [
        {"engine": engine, "events": int(size), "seconds": found[engine]["seconds"]}
        for size, found in results["sizes"].items()
        for engine in ENGINES
        if engine in found
    ]
    scale = altair.Scale(type="log")
    altair.Chart(altair.Data(values=points), width=560, height=360).mark_line(point=True).encode(
        x=altair.X("events:Q", scale=scale, axis=altair.Axis(format="~s")),
        y=altair.Y("seconds:Q", scale=scale),
        color=altair.Color("engine:N", sort=list(ENGINES)),
    ).save(PROJECT / "docs/scale.svg")


def main(arguments: Sequence[str]) -> None:
    """Run everything, or some engines at some sizes, or one part of that in this process."""
    match arguments:
        case ["--straight", work]:
            straight(Path(work))
        case ["--two_views", work]:
            straight(Path(work), TWO_VIEWS)
        case ["--by-hand", library, imports, work]:
            by_hand(library, Path(imports), Path(work))
        case ["--spark", cores, imports, work]:
            on_spark(int(cores), Path(imports), Path(work))
        case []:
            bench(ENGINES, SIZES)
        case [engines, *sizes]:
            bench(engines.split(","), [int(size) for size in sizes] or SIZES)


if __name__ == "__main__":
    main(sys.argv[1:])
