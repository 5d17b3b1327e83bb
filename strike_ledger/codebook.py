"""The codebook of a release, one page rendered from the declarations, and the diagram of its keys.

What a table or column means stands in the YAML beside it, what a code means in seeds/codes.csv, and
how figures are counted in RULES.md. Here they are only brought together.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from strike_ledger.declarations import MARTS, PROJECT, RECORD, VOCABULARY, Column, tables
from strike_ledger.pages import render
from strike_ledger.reading import SCHEMAS, grouped, released, rows_of

PAGE = "codebook.html"
_INTERMEDIATE = "intermediate"
_STAGING = "staging"
_REFERENCE = re.compile(r"(?:ref|told_by_documents_read)\('(\w+)'\)")
_HEADING = re.compile(r"^## (.+?)(?: \((`.+`)\))?\n(.*)", re.DOTALL)
# What dbt writes into its page of the machine and of the hour, and nobody reads there.
_OF_THE_RUN = {
    "compiled_path",
    "created_at",
    "generated_at",
    "invocation_id",
    "invocation_started_at",
    "root_path",
    "run_started_at",
}


@dataclass(frozen=True)
class Rows:
    """Rows of a unit test: those given for one table, or those expected."""

    table: str
    columns: list[str]
    cells: list[list[object]]

    @classmethod
    def of(cls, table: str, rows: Iterable[dict]) -> "Rows":
        """Lay rows out under all of their columns; what a row does not name is empty in it."""
        rows = list(rows)
        columns = list(dict.fromkeys(name for row in rows for name in row))
        return cls(table, columns, [[row.get(name) for name in columns] for row in rows])


@dataclass(frozen=True)
class UnitTest:
    """A test of a model on a few rows: what it shows, what the model is given, what must come."""

    name: str
    description: str
    choices: dict[str, str]
    given: list[Rows]
    expected: Rows


@dataclass(frozen=True)
class Model:
    """A table or view that dbt makes: its layer, the tables that it reads, its unit tests."""

    name: str
    layer: str
    description: str
    key: list[str]
    reads: list[str]
    tests: list[UnitTest]


@dataclass(frozen=True)
class Chapter:
    """A part of RULES.md: the models that its heading names, and its text as HTML."""

    anchor: str
    title: str
    models: list[str]
    text: Markup


def _unit_test(node: dict) -> UnitTest:
    return UnitTest(
        name=node["name"],
        description=node["description"],
        choices=node.get("overrides", {}).get("vars", {}),
        given=[
            Rows.of(_REFERENCE.findall(given["input"])[0], given.get("rows") or ())
            for given in node["given"]
        ],
        expected=Rows.of(node["model"], node["expect"]["rows"]),
    )


@cache
def models() -> dict[str, Model]:
    """Give every model of a release by name, sorted by layer and name.

    Those in models/context are built only over other datasets, which no release holds.
    """
    found = {}
    for path in sorted((PROJECT / "models").glob("[!c]*/*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for node in content["models"]:
            name = node["name"]
            sql = path.with_name(f"{name}.sql").read_text(encoding="utf-8")
            found[name] = Model(
                name=name,
                layer=path.parent.name,
                description=node["description"],
                key=node.get("config", {}).get("meta", {}).get("primary_key", []),
                reads=sorted(set(_REFERENCE.findall(sql))),
                tests=[
                    _unit_test(test)
                    for test in content.get("unit_tests", [])
                    if test["model"] == name
                ],
            )
    return found


class _Lineage:
    """Which table is made from which; a staging view stands for the table that it hands on."""

    def __init__(self, of: dict[str, Model]) -> None:
        self._models = of

    def made_from(self, name: str) -> list[str]:
        """Give the tables that a model reads."""
        model = self._models.get(name)
        return sorted({self._seen_through(parent) for parent in model.reads}) if model else []

    def goes_into(self, name: str) -> list[str]:
        """Give the models that read a table."""
        return [
            model.name
            for model in self._models.values()
            if model.layer != _STAGING and name in self.made_from(model.name)
        ]

    def origins(self, name: str) -> set[str]:
        """Give a model, and everything that it is made from, directly or through others."""
        return {name}.union(*(self.origins(parent) for parent in self.made_from(name)))

    def _seen_through(self, name: str) -> str:
        is_staging = name in self._models and self._models[name].layer == _STAGING
        return name.removeprefix("stg_") if is_staging else name


class _Text:
    """Markdown as HTML, in which a name in code type leads to where it is explained."""

    def __init__(self, anchors: set[str]) -> None:
        self._anchors = anchors
        self._inline = MarkdownIt("zero").enable("backticks")
        self._document = MarkdownIt("commonmark", {"html": False}).enable("table")
        for parser in (self._inline, self._document):
            parser.renderer.rules["code_inline"] = self._code
        self._document.renderer.rules["list_item_open"] = self._numbered

    def line(self, text: str, table: str = "") -> Markup:
        """Render a description; a column that it names is one of `table`."""
        return Markup(self._inline.renderInline(text, {"table": table}))  # noqa: S704

    def document(self, text: str) -> Markup:
        """Render a text of several paragraphs; its numbered rules can be linked to."""
        return Markup(self._document.render(text))  # noqa: S704

    def _code(self, tokens: list[Token], index: int, _: object, given: dict) -> str:
        name = tokens[index].content
        anchors = [name, f"{given.get('table', '')}.{name}"]
        code = Markup("<code>{}</code>").format(name)
        target = next((anchor for anchor in anchors if anchor in self._anchors), None)
        return str(Markup('<a href="#{}">{}</a>').format(target, code) if target else code)

    def _numbered(self, tokens: list[Token], index: int, *_: object) -> str:
        number = tokens[index].info
        return f'<li class="item" id="rule.{number}">' if number else "<li>"


def _chapters(text: _Text) -> tuple[Markup, list[Chapter]]:
    """Give the opening of RULES.md and its chapters."""
    opening, *parts = re.split(r"\n(?=## )", (PROJECT / "RULES.md").read_text(encoding="utf-8"))
    found = []
    for part in parts:
        title, named, content = _HEADING.match(part).groups()
        found.append(
            Chapter(
                anchor="rules." + "-".join(re.findall(r"\w+", title.lower())),
                title=title,
                models=re.findall(r"`(\w+)`", named or ""),
                text=text.document(content),
            )
        )
    return text.document(opening.partition("\n")[2]), found


def _code_lists(connection: duckdb.DuckDBPyConnection) -> dict[str, list[dict]]:
    """Give the codes of every closed list by the name of the list; the qualifiers are one too."""
    query = "select * from record.codes order by code_list, sort_order, code"
    lists = grouped(rows_of(connection, query), "code_list")
    lists["qualifiers"] = rows_of(connection, "select * from record.qualifiers order by sort_order")
    return dict(sorted(lists.items()))


def closed_by(column: Column, lists: Iterable[str]) -> list[str]:
    """Give the code lists from which the values of a column come.

    It declares its list, or its description names it, or it is described in the words of a column
    of the record that declares one.
    """
    if column.base_type != "string":
        return []
    namesakes = (
        other
        for folder in (RECORD, VOCABULARY)
        for table in tables(folder).values()
        for other in table.columns
        if other.description == column.description
    )
    found = set(re.findall(r"\blist (\w+)", column.description))
    for other in (column, *namesakes):
        found |= {other.code_list, other.target and other.target[0]}
    return sorted(found.intersection(lists))


def _in_this_release(connection: duckdb.DuckDBPyConnection) -> dict[str, dict]:
    """Give of every table how many rows it has; of every column how many are empty, and a value."""
    found = {}
    for name, table in released().items():
        parts = ["count(*) as n_rows"]
        for column in table.columns:
            parts.append(f"count(*) - count({column.name}) as {column.name}_empty")
            parts.append(f"min({column.name}) as {column.name}_example")
        (found[name],) = rows_of(
            connection,
            f"select {', '.join(parts)} from {SCHEMAS[table.folder]}.{name}",  # noqa: S608
        )
    return found


def _columns_of(connection: duckdb.DuckDBPyConnection, schema: str) -> dict[str, list[str]]:
    rows = rows_of(
        connection,
        "select table_name, list(column_name order by column_index) as columns "  # noqa: S608
        f"from duckdb_columns() where schema_name = '{schema}' group by table_name",
    )
    return {row["table_name"]: row["columns"] for row in rows}


def write(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write codebook.html into a folder: every table, column, code, rule and unit test.

    `connection` is open on a built database, whose rows are counted. The address of a table is
    `#name`, of a column `#table.column`, of a code list `#list.name`, of a rule `#rule.number`.
    """
    every_table = released()
    every_model = models()
    code_lists = _code_lists(connection)
    anchors = {*every_table, *every_model}
    anchors |= {f"{name}.{c.name}" for name, table in every_table.items() for c in table.columns}
    text = _Text(anchors)
    opening, chapters = _chapters(text)
    lineage = _Lineage(every_model)
    closing = {
        f"{name}.{column.name}": closed_by(column, code_lists)
        for name, table in every_table.items()
        for column in table.columns
    }
    html = render(
        PAGE,
        connection,
        tables={folder: tables(folder) for folder in SCHEMAS},
        schemas=SCHEMAS,
        models=every_model,
        staging=[m for m in every_model.values() if m.layer == _STAGING],
        intermediate={m.name: m for m in every_model.values() if m.layer == _INTERMEDIATE},
        intermediate_columns=_columns_of(connection, _INTERMEDIATE),
        lineage=lineage,
        rests_on={
            name: [c for c in chapters if lineage.origins(name).intersection(c.models)]
            for name in every_table
        },
        release=_in_this_release(connection),
        code_lists=code_lists,
        closed_by=closing,
        closes={
            name: [anchor for anchor, lists in closing.items() if name in lists]
            for name in code_lists
        },
        crosswalk=rows_of(
            connection, "select * from record.action_crosswalk order by response_kind"
        ),
        opening=opening,
        chapters=chapters,
        line=text.line,
        placeholders=_placeholders,
    )
    (folder / PAGE).write_text(html, encoding="utf-8")


def _placeholders(problem: str) -> Markup:
    """Mark the names in a rule's message that stand for the value of a column."""
    parts = re.split(r"{(\w+)}", problem)
    return Markup("").join(
        Markup("<var>{}</var>").format(part) if place % 2 else part
        for place, part in enumerate(parts)
    )


def diagram() -> str:
    """Give the tables of the schema marts and their keys as a diagram in Mermaid.

    A box has the columns that are keys; a line runs from each foreign key to what it refers to.
    """
    lines = ["erDiagram", "    direction LR"]
    edges = []
    for name, table in tables(MARTS).items():
        lines.append(f"    {name} {{")
        for column in table.columns:
            is_primary = column.name in table.primary_key
            kinds = ["PK"] * is_primary + ["FK"] * (column.target is not None)
            if kinds:
                lines.append(f"        {column.base_type} {column.name} {', '.join(kinds)}")
            if column.target:
                known = "||" if column.required else "|o"
                edges.append(f'    {column.target[0]} {known}--o{{ {name} : "{column.name}"')
        lines.append("    }")
    return "\n".join([*lines, *edges])


def _without_traces(node: object) -> object:
    if isinstance(node, dict):
        return {key: _without_traces(node[key]) for key in node if key not in _OF_THE_RUN}
    return [_without_traces(item) for item in node] if isinstance(node, list) else node


def static_docs(html: str) -> str:
    """Give dbt's page of documentation without requests and without traces of the run.

    Its icons are asked for under names that are not yet filled in, and its own icon is nowhere.
    Paths of the machine, times and ids of the run go. Raises ValueError where the page is laid out
    in another way than dbt 1.11 does it.
    """
    for of_dbt, ours in (
        ('<use xlink:href="{{', '<use ng-attr-xlink:href="{{'),
        ("${require('./assets/favicons/favicon.ico')}", "data:,"),
    ):
        if of_dbt not in html:
            raise ValueError(f"dbt's page has changed: it holds no {of_dbt}")
        html = html.replace(of_dbt, ours)
    for mark in ("{manifest:", ",catalog:"):
        before, found, rest = html.partition(mark)
        if not found:
            raise ValueError(f"dbt's page has changed: it holds no {mark}")
        content, end = json.JSONDecoder().raw_decode(rest)
        html = before + mark + json.dumps(_without_traces(content), sort_keys=True) + rest[end:]
    return html
