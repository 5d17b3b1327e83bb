"""The third engine: Spark builds the same tables and reports as DuckDB, cell by cell.

`make spark` runs this in an environment of its own, after it has built strike_ledger.duckdb. Only
the seeds and models are built: the data are tested on DuckDB and PostgreSQL. Spark runs inside this
process, and all that it writes goes into a temporary folder that is removed at the end.

How cells are compared: a number by its value, whatever its type and the zeros at its end; a date
as YYYY-MM-DD; a truth value, a text and NULL as they are. Rows are matched by their primary key.
"""

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from cells import plain
from dbt.cli.main import dbtRunner
from pyspark.logger import PySparkLogger
from pyspark.sql import SparkSession

import strike_ledger
from strike_ledger.declarations import MARTS, PROJECT, REPORTS, Table, loaded_tables, tables

SCHEMAS = {"record": loaded_tables(), "marts": tables(MARTS), "main": tables(REPORTS)}
SHOWN = 5

Rows = dict[tuple, list]


@contextmanager
def running_spark(folder: Path) -> Iterator[SparkSession]:
    """Start Spark with its catalog in memory; its files and its log go into a folder.

    The log is shown where something fails. Java writes it to the standard error that it finds when
    it starts.
    """
    settings = {
        "spark.master": "local[2]",
        "spark.driver.memory": "2g",
        # Many plans over little data: without the second compiler it takes about half the time.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m",
        "spark.local.dir": str(folder / "local"),
        "spark.log.level": "ERROR",
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
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


def build(folder: Path, commit: str | None) -> bool:
    """Load the seeds and build the models on the Spark that runs in this process."""
    # dbt tells what Spark refuses; pyspark would tell it again with every line of Java it went by.
    PySparkLogger.getLogger("SQLQueryContextLogger").disabled = True
    os.environ["STRIKE_LEDGER_COMMIT"] = commit or ""
    places = {
        "--project-dir": PROJECT,
        "--profiles-dir": PROJECT,
        "--target-path": folder,
        "--log-path": folder,
    }
    arguments = ["--quiet", "build", "--target", "spark"]
    arguments += ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
    arguments += [str(word) for place in places.items() for word in place]
    return dbtRunner().invoke(arguments).success


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


def compare(connection: duckdb.DuckDBPyConnection, spark: SparkSession) -> bool:
    """Compare every seed, mart and report, print what differs, and tell whether nothing does."""
    n_tables, n_rows, n_cells, n_differences = 0, 0, 0, 0
    for schema, declared in SCHEMAS.items():
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
    print(f"{n_tables} tables and views, {n_rows} rows, {n_cells} cells: {told}")
    return n_rows > 0 and n_differences == 0


def main() -> int:
    """Build on Spark, compare with the database that is there, and give the exit status."""
    with (
        tempfile.TemporaryDirectory(prefix="spark_") as folder,
        strike_ledger.connect() as connection,
        running_spark(Path(folder)) as spark,
    ):
        ((commit,),) = connection.execute("select git_commit from about").fetchall()
        return 0 if build(Path(folder), commit) and compare(connection, spark) else 1


if __name__ == "__main__":
    sys.exit(main())
