"""The third engine: Spark builds the same tables and reports as DuckDB, cell by cell.

`make spark` runs this in an environment of its own, after it has built strike_ledger.duckdb. First
come the traps of tests/engine_traps.py; then the seeds, the models and the tests of the data; then
the models over rows that are imported, one dataset in folders by year and country and one in a
single folder, which the environment of the project imports and builds on DuckDB. Spark runs inside
this process, and all that is written goes into a temporary folder that is removed at the end.

How cells are compared: a number by its value, whatever its type and the zeros at its end; a date
as YYYY-MM-DD; a truth value, a text and NULL as they are. Rows are matched by their primary key.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import engine_traps
from cells import plain
from dbt.cli.main import dbtRunner
from pyspark.logger import PySparkLogger
from pyspark.sql import SparkSession

import strike_ledger
from strike_ledger.declarations import (
    MARTS,
    PROJECT,
    REPORTS,
    Table,
    loaded_tables,
    tables,
)

Schemas = dict[str, dict[str, Table]]
OF_THE_RECORD: Schemas = {
    "record": loaded_tables(),
    "marts": tables(MARTS),
    "main": tables(REPORTS),
}
WITH_IMPORTS: Schemas = {"marts": tables(MARTS), "main": tables(REPORTS) | tables("models/context")}
FIXTURES = PROJECT / "tests/imports"
PROGRAMS = PROJECT / ".venv/bin"  # of the project's own environment, as in the Makefile
SHOWN = 5

Rows = dict[tuple, list]


@contextmanager
def running_spark(
    folder: Path, cores: int = 2, others: Mapping[str, str] | None = None
) -> Iterator[SparkSession]:
    """Start Spark with its catalog in memory; its files and its log go into a folder.

    The settings are those for little data; others take their place.

    The log is shown where something fails. Java writes it to the standard error that it finds when
    it starts. The clock of its sessions is set twice a year, so that what is left to it shows.
    """
    settings = {
        "spark.master": f"local[{cores}]",
        "spark.driver.memory": "2g",
        # Many plans over little data: without the second compiler it takes about half the time, and
        # without planning anew at work less still.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m",
        "spark.local.dir": str(folder / "local"),
        "spark.log.level": "ERROR",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.session.timeZone": "America/New_York",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        **(others or {}),
    }
    os.environ |= {"SPARK_LOCAL_IP": "127.0.0.1", "TZ": "UTC"}
    time.tzset()  # pyspark hands an instant over by the clock of this process
    log = folder / "spark.log"
    own_stderr = os.dup(sys.stderr.fileno())
    try:
        with log.open("w") as file:
            os.dup2(file.fileno(), sys.stderr.fileno())
        try:
            session = SparkSession.builder.config(map=settings).getOrCreate()
        finally:
            os.dup2(own_stderr, sys.stderr.fileno())
            os.close(own_stderr)
        yield session
        session.stop()
    except Exception:
        sys.stderr.write(log.read_text(encoding="utf-8"))
        raise


def dbt(project: Path, folder: Path, *arguments: str) -> bool:
    """Let dbt run on the Spark that runs in this process, and tell whether all went well."""
    places = {
        "--project-dir": project,
        "--profiles-dir": PROJECT,
        "--target-path": folder,
        "--log-path": folder,
    }
    words = [str(word) for place in places.items() for word in place]
    return dbtRunner().invoke(["--quiet", *arguments, "--target", "spark", *words]).success


def check_traps(spark: SparkSession, folder: Path) -> bool:
    """Build the traps, print those that Spark falls into, and tell whether there are none."""
    engine_traps.write_project(folder)
    if not dbt(folder, folder / "target", "build"):
        return False
    found = list(engine_traps.differences(lambda query: spark.sql(query).collect()))
    print(*found, sep="\n", end="\n" if found else "")
    print(f"{len(engine_traps.TRAPS)} traps: {len(found) or 'none'} sprung")
    return not found


def by_key(engine: str, table: Table, names: list[str], rows: Sequence[Sequence]) -> Rows:
    """Give the rows of a table by primary key; ends the script where the key does not hold."""
    if names != table.column_names:
        sys.exit(f"{table.name} on {engine}: columns {names} instead of {table.column_names}")
    places = [names.index(column) for column in table.primary_key]
    found = {}
    for row in rows:
        cells = [plain(cell) for cell in row]
        found[tuple(cells[place] for place in places)] = cells
    if len(found) != len(rows):
        sys.exit(f"{table.name} on {engine}: {len(rows)} rows have {len(found)} keys")
    return found


def shown(cell: Any) -> str:
    """Write a cell for a message: a text in quotes, so that it is told from a number."""
    if cell is None:
        return "NULL"
    return f"{cell:f}" if isinstance(cell, Decimal) else repr(cell)


def differences(table: Table, here: Rows, there: Rows) -> Iterator[str]:
    """Tell every cell that differs, and every row that only one of the engines has."""
    for key in sorted(here.keys() | there.keys(), key=repr):
        named = zip(table.primary_key, map(shown, key), strict=True)
        row = ", ".join(f"{column} {value}" for column, value in named)
        if key not in here or key not in there:
            yield f"{row}: only in {'DuckDB' if key in here else 'Spark'}"
            continue
        for column, ours, theirs in zip(table.column_names, here[key], there[key], strict=True):
            if (type(ours), ours) != (type(theirs), theirs):
                yield f"{row}, {column}: DuckDB {shown(ours)}, Spark {shown(theirs)}"


def compare(
    connection: duckdb.DuckDBPyConnection, spark: SparkSession, schemas: Schemas, what: str
) -> bool:
    """Compare every table and view, print what differs, and tell whether nothing does."""
    n_tables, n_rows, n_cells, n_differences = 0, 0, 0, 0
    for schema, declared in schemas.items():
        for table in declared.values():
            query = f"select * from {schema}.{table.name}"
            asked = connection.execute(query)
            names = [column[0] for column in asked.description]
            here = by_key("DuckDB", table, names, asked.fetchall())
            frame = spark.sql(query)
            there = by_key("Spark", table, frame.columns, frame.collect())
            found = list(differences(table, here, there))
            for difference in found[:SHOWN]:
                print(f"{schema}.{table.name}, {difference}")
            if len(found) > SHOWN:
                print(f"{schema}.{table.name}: {len(found) - SHOWN} more")
            n_tables += 1
            n_rows += len(here)
            n_cells += len(here) * len(table.columns)
            n_differences += len(found)
    told = f"{n_differences} differences" if n_differences else "the same on DuckDB and Spark"
    print(f"{what}: {n_tables} tables and views, {n_rows} rows, {n_cells} cells: {told}")
    return n_rows > 0 and n_differences == 0


def build_imports(folder: Path, variables: str) -> Path:
    """Import two datasets into a folder, build over them on DuckDB, and give the database."""
    database = folder / "bulk.duckdb"
    os.environ["STRIKE_LEDGER_BULK"] = str(database)
    target = str(folder / "target")
    imported = [str(PROGRAMS / "strike-ledger"), "import", "--into", str(folder)]
    ucdp = str(FIXTURES / "ucdp_ged_irq_extract.csv")
    built = [str(PROGRAMS / "dbt"), "--quiet", "build", "--target", "bulk", "--vars", variables]
    built += ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
    for command in (
        [*imported, "ucdp", ucdp, "--version", "25.1", "--partitioned"],
        [*imported, "icews", str(FIXTURES / "icews_2018.csv")],
        [*built, "--target-path", target, "--log-path", target],
    ):
        subprocess.run(command, cwd=PROJECT, stdout=subprocess.DEVNULL, check=True)
    return database


def main(is_short: bool) -> int:
    """Build on Spark, compare with the database that is there, and give the exit status.

    The short way leaves out the tests of the data and the imported rows.
    """
    # dbt tells what Spark refuses; pyspark would tell it again with every line of Java it went by.
    PySparkLogger.getLogger("SQLQueryContextLogger").disabled = True
    with (
        tempfile.TemporaryDirectory(prefix="spark_") as name,
        strike_ledger.connect() as connection,
        running_spark(Path(name)) as spark,
    ):
        folder = Path(name)
        ((commit,),) = connection.execute("select git_commit from about").fetchall()
        os.environ["STRIKE_LEDGER_COMMIT"] = commit or ""
        if not check_traps(spark, folder / "traps"):
            return 1
        without = ["unit_test", "test"] if is_short else ["unit_test"]
        left_out = [word for kind in without for word in ("--exclude-resource-type", kind)]
        if not dbt(PROJECT, folder, "build", *left_out):
            return 1
        is_same = compare(connection, spark, OF_THE_RECORD, "the record")
        if is_short:
            return 0 if is_same else 1
        # The tests of these rows are asked on DuckDB, and here every cell is compared with it.
        variables = json.dumps({"imports": str(folder / "imports")})
        database = build_imports(folder / "imports", variables)
        if not dbt(PROJECT, folder, "run", "--vars", variables):
            return 1
        with duckdb.connect(str(database), read_only=True) as bulk:
            is_same &= compare(bulk, spark, WITH_IMPORTS, "with imports")
        return 0 if is_same else 1


if __name__ == "__main__":
    sys.exit(main(is_short="--short" in sys.argv))
