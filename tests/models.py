"""The models one by one, as dbt compiled them in a build, to be run again on other rows.

A test that wants to know what a rule makes of given rows does not need a build for it: it creates
the tables that a model reads, and then the model.
"""

import json
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb
from conftest import Copy


class Models:
    """The tables and models of a built copy of the project: what each reads, and its SQL."""

    def __init__(self, built: Copy) -> None:
        """Read what dbt left in target/."""
        self.database = built.database
        self.target = built.folder / "target"
        manifest = json.loads((self.target / "manifest.json").read_text(encoding="utf-8"))
        self._nodes = {
            node["name"]: node
            for node in manifest["nodes"].values()
            if node["resource_type"] in ("seed", "model")
        }
        self.unit_tests: list[dict] = list(manifest["unit_tests"].values())
        self.sql: dict[str, str] = {
            path.stem: path.read_text(encoding="utf-8") for path in self.compiled("models/*/*.sql")
        }

    def compiled(self, pattern: str) -> list[Path]:
        """Give the files of compiled SQL of a pattern, in order."""
        return sorted((self.target / "compiled/strike_ledger").glob(pattern))

    @cached_property
    def keyed(self) -> list[str]:
        """Give the SQL of the test of the reports, report by report: what is at fault in each."""
        (path,) = self.compiled("tests/dbt/reports_keyed.sql")
        return path.read_text(encoding="utf-8").split("union all")

    @cached_property
    def data_tests(self) -> list[str]:
        """Give the SQL of all tests of the data, of the record as of the reports."""
        return [path.read_text(encoding="utf-8") for path in self.compiled("tests/dbt/*.sql")]

    @cached_property
    def parents(self) -> dict[str, list[str]]:
        """Give the tables and models that each model reads."""
        return {
            name: [key.split(".")[2] for key in node.get("depends_on", {}).get("nodes", ())]
            for name, node in self._nodes.items()
        }

    @cached_property
    def in_order(self) -> list[str]:
        """Give all models, each after those that it reads."""
        return [name for name in TopologicalSorter(self.parents).static_order() if name in self.sql]

    @cached_property
    def contracted(self) -> set[str]:
        """Give the models whose columns dbt holds to the types declared."""
        return {name for name in self.sql if self._nodes[name]["contract"]["enforced"]}

    def folder(self, name: str) -> str:
        """Give the folder in models/ or of the seeds in which a table or model is written."""
        return Path(self._nodes[name]["original_file_path"]).parent.name

    def constraints(self) -> Iterator[str]:
        """Give a query for each key and reference of the models; broken, it brings rows back."""
        for name in self.sql:
            node = self._nodes[name]
            table = self.relation(name)
            of_table = [(", ".join(c["columns"]), c) for c in node["constraints"]]
            columns = node["columns"].values()
            of_columns = [(column["name"], c) for column in columns for c in column["constraints"]]
            for key, constraint in of_table + of_columns:
                if constraint["type"] == "not_null":
                    yield f"select {key} from {table} where {key} is null"
                elif constraint["type"] == "foreign_key":
                    (other,) = constraint["to_columns"]
                    target = self.relation(re.findall(r"\w+", constraint["to"])[-1])
                    known = f"select {other} from {target}"
                    yield f"select {key} from {table} where {key} not in ({known})"
                else:
                    yield f"select {key} from {table} group by all having count(*) > 1"

    def relation(self, name: str) -> str:
        """Give the name of a table or model as the compiled SQL writes it."""
        return self._nodes[name]["relation_name"]

    def descendants(self, names: Iterable[str]) -> list[str]:
        """Give the models that read any of these, directly or through others, in order."""
        found = set(names)
        for name in self.in_order:
            if found.intersection(self.parents[name]):
                found.add(name)
        return [name for name in self.in_order if name in found.difference(names)]

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Open an empty database in memory with the name and the schemas of the built one.

        A query that joins everything to everything comes to an end with an error.
        """
        bounds = {"memory_limit": "2GB", "max_temp_directory_size": "0MB"}
        connection = duckdb.connect(config={"threads": 1, **bounds})
        connection.execute(f"attach ':memory:' as {self.database.stem}")
        connection.execute(f"use {self.database.stem}")
        for schema in {node["schema"] for node in self._nodes.values()} - {"main"}:
            connection.execute(f"create schema {schema}")
        return connection

    def create(
        self, connection: duckdb.DuckDBPyConnection, name: str, sql: str | None = None
    ) -> None:
        """Create a model as a table, out of its own SQL or of another that stands in for it."""
        connection.execute(
            f"create or replace table {self.relation(name)} as {sql or self.sql[name]}"
        )
