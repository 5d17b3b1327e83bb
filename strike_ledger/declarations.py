"""What the YAML beside each table declares, read into plain objects.

The YAML is dbt's own properties file. For a CSV the types stand in `config.column_types`, for a
model in each column's `data_type`; keys, references, limits and rules stand in `config.meta`.
Those of the tables that an engine enforces stand in `constraints`, where dbt reads them.
Everything that checks or describes a table is compiled from these objects.
"""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

_PACKAGE = Path(__file__).resolve().parent
# A checkout, or what a wheel carries of one: the YAML, the vocabulary and the tables as Parquet.
IS_CHECKOUT = (_PACKAGE.parent / "dbt_project.yml").is_file()
PROJECT = _PACKAGE.parent if IS_CHECKOUT else _PACKAGE / "carried"
RECORD = "seeds_csv"
VOCABULARY = "seeds"
REPORTS = "models/reports"
MARTS = "models/marts"


@dataclass(frozen=True)
class Column:
    """A column: its type as dbt writes it and its limits. `None` means no limit.

    `acyclic` says that following the column from the key never comes back to the row; with `start`
    and `among` in it, from another column and among the rows of which that pandas query is true.
    `hxl` is its tag in the exports of the Humanitarian Exchange Language.
    """

    name: str
    data_type: str
    description: str
    required: bool = False
    pattern: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    code_list: str | None = None
    references: str | None = None
    references_table_in: str | None = None
    acyclic: bool | dict[str, str] = False
    hxl: str | None = None

    @property
    def base_type(self) -> str:
        """Type without its width: `numeric(8,5)` gives `numeric`."""
        return self.data_type.partition("(")[0]

    @property
    def target(self) -> tuple[str, str] | None:
        """Table and column that it refers to, when they are fixed."""
        if self.references is None:
            return None
        table, _, column = self.references.partition(".")
        return table, column


@dataclass(frozen=True)
class Rule:
    """A condition in SQL on the row `this`; NULL passes. Other tables go by their names.

    `problem` says what is wrong where it does not hold; `{name}` in it stands for the cell of that
    column.
    """

    column: str
    holds: str
    problem: str
    remedy: str


@dataclass(frozen=True)
class Table:
    """A table or view: the file that holds it, its columns in order, its keys and row rules."""

    name: str
    description: str
    folder: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ()
    unique_together: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = field(default=())

    @property
    def file(self) -> str:
        """Path of its CSV, relative to the project."""
        return f"{self.folder}/{self.name}.csv"

    @property
    def column_names(self) -> list[str]:
        """Names of its columns, in order."""
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        """Give the column of that name; KeyError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")


@cache
def _doc_blocks(project: Path) -> dict[str, str]:
    text = (project / "models/columns.md").read_text(encoding="utf-8")
    blocks = re.findall(r"{% docs (\w+) %}(.*?){% enddocs %}", text, re.DOTALL)
    return {name: content.strip() for name, content in blocks}


def _described(text: str, project: Path) -> str:
    """Put in place the doc blocks that a description refers to."""
    return re.sub(r"{{ doc\('(\w+)'\) }}", lambda found: _doc_blocks(project)[found[1]], text)


def _limits(column: dict) -> dict:
    """Give what a column's meta declares, and what its constraints do: NOT NULL and references."""
    limits = dict(column.get("config", {}).get("meta", {}))
    for constraint in column.get("constraints", ()):
        if constraint["type"] == "foreign_key":
            table = constraint["to"].split("'")[1]
            limits["references"] = f"{table}.{constraint['to_columns'][0]}"
        elif constraint["type"] == "not_null":
            limits["required"] = True
    return limits


def _table(node: dict, folder: str, project: Path) -> Table:
    config = node.get("config", {})
    meta = config.get("meta", {})
    types = config.get("column_types") or {
        column["name"]: column["data_type"] for column in node["columns"]
    }
    described = {column["name"]: column for column in node["columns"]}
    if set(types) != set(described):
        odd = ", ".join(sorted(set(types) ^ set(described)))
        raise ValueError(f"{folder}/{node['name']}.yml: typed or described, but not both: {odd}")
    return Table(
        name=node["name"],
        description=_described(node["description"], project),
        folder=folder,
        columns=tuple(
            Column(
                name=name,
                data_type=str(data_type),
                description=_described(described[name].get("description", ""), project),
                **_limits(described[name]),
            )
            for name, data_type in types.items()
        ),
        primary_key=tuple(meta.get("primary_key", ())),
        unique_together=tuple(meta.get("unique_together", ())),
        rules=tuple(Rule(**rule) for rule in meta.get("rules", ())),
    )


@cache
def tables(folder: str, project: Path = PROJECT) -> dict[str, Table]:
    """Give the tables declared in the YAML files of a folder, by name, sorted.

    `folder` is `seeds_csv`, `seeds` or a folder of models, relative to `project`.
    Raises ValueError where a file declares a column in one place only.
    """
    found = {}
    for path in sorted((project / folder).glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        for node in content.get("seeds", []) + content.get("models", []):
            found[node["name"]] = _table(node, folder, project)
    return found


def loaded_tables() -> dict[str, Table]:
    """Give every table that is loaded from a CSV, by name: the vocabulary, then the record."""
    return {**tables(VOCABULARY), **tables(RECORD)}
