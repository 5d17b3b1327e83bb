"""Conventions that dbt-bouncer has no check for; those that it has stand in dbt-bouncer.yml."""

import csv
import json
import re
from collections import defaultdict
from pathlib import Path

import pytest
import yaml
from conftest import Copy

from strike_ledger.declarations import PROJECT, RECORD, VOCABULARY, loaded_tables, tables

SEEDS = loaded_tables()
COLUMNS = {
    f"{table.name}.{column.name}": column for table in SEEDS.values() for column in table.columns
}
MAX_LINE_LENGTH = 100
DOC = re.compile(r"\{\{ doc\('(\w+)'\) \}\}")


def _doc_blocks() -> dict[str, str]:
    text = (PROJECT / "models/columns.md").read_text(encoding="utf-8")
    return dict(re.findall(r"\{% docs (\w+) %\}\n(.*?)\n\{% enddocs %\}", text, re.DOTALL))


def _descriptions() -> dict[str, str]:
    """Give the description of each column of each table and view, as it stands in the YAML."""
    found = {}
    for path in sorted([*PROJECT.glob("seeds*/*.yml"), *PROJECT.glob("models/*/*.yml")]):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for node in content.get("seeds", []) + content.get("models", []):
            for column in node.get("columns", []):
                found[f"{node['name']}.{column['name']}"] = column["description"]
    assert len(found) > len(COLUMNS)
    return found


@pytest.fixture(scope="module")
def manifest(built: Copy) -> dict:
    """Give dbt's manifest of the built copy."""
    return json.loads((built.folder / "target/manifest.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("folder", [RECORD, VOCABULARY])
def test_csv_and_yaml_come_in_pairs(folder: str) -> None:
    """A CSV without YAML would be loaded unchecked; a YAML without CSV declares nothing."""
    csvs = sorted(path.stem for path in (PROJECT / folder).glob("*.csv"))
    assert csvs == sorted(path.stem for path in (PROJECT / folder).glob("*.yml"))
    assert csvs == sorted(tables(folder))


def test_the_macro_lists_every_table(manifest: dict) -> None:
    """A table that record_tables() lacks would be neither hashed nor tested in the database."""
    macro = manifest["macros"]["macro.strike_ledger.record_tables"]["macro_sql"]
    assert re.findall(r"'(\w+)'", macro) == sorted(SEEDS)


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_a_curated_table_tells_what_it_holds(name: str) -> None:
    """Whoever opens a CSV finds beside it what a row is and what each column means."""
    assert SEEDS[name].description.startswith("One row is")
    assert [column.name for column in SEEDS[name].columns if len(column.description) < 4] == []


def test_nothing_is_described_twice() -> None:
    """A meaning that is written down twice will differ some day; a doc block is written once."""
    written = defaultdict(list)
    for where, text in _descriptions().items():
        if not DOC.fullmatch(text):
            written[text].append(where)
    for block, text in _doc_blocks().items():
        written[text].append(f"doc('{block}')")
    assert {text: where for text, where in written.items() if len(where) > 1} == {}


def test_doc_blocks_are_shared_and_in_order() -> None:
    """A block serves two columns or more and is found by its name in columns.md."""
    users = defaultdict(list)
    for where, text in _descriptions().items():
        for block in DOC.findall(text):
            users[block].append(where)
    assert list(_doc_blocks()) == sorted(users)
    assert [block for block, where in users.items() if len(where) == 1] == []


def test_code_lists_are_written_and_used(manifest: dict) -> None:
    """A column closed by a list that is not written admits nothing; a list unused is dead text."""
    with (PROJECT / VOCABULARY / "codes.csv").open(encoding="utf-8", newline="") as file:
        written = {row["code_list"] for row in csv.DictReader(file)}
    closing = {column.code_list for column in COLUMNS.values()} - {None}
    assert closing - written == set(), "named in YAML, but not in codes.csv"
    described = " ".join(
        text
        for node in manifest["nodes"].values()
        for text in (
            node["description"],
            *(column["description"] for column in node["columns"].values()),
        )
    )
    named = set(re.findall(r"the list (\w+)", described))
    assert written - closing - named == set(), "in codes.csv, but named by no YAML"


@pytest.mark.parametrize("where", sorted(name for name, c in COLUMNS.items() if c.references))
def test_a_reference_has_a_key_to_lead_to(where: str) -> None:
    """A reference leads to the key of a table, and to a column of its own type."""
    column = COLUMNS[where]
    table, key = column.target
    assert SEEDS[table].primary_key == (key,)
    assert SEEDS[table].column(key).data_type == column.data_type


@pytest.mark.parametrize(
    "where", sorted(name for name, c in COLUMNS.items() if c.references_table_in)
)
def test_a_reference_to_one_of_several_tables_names_them(where: str) -> None:
    """The column that names the table is closed by a list, so that each table named is one."""
    table, _, _ = where.partition(".")
    naming = SEEDS[table].column(COLUMNS[where].references_table_in)
    assert naming.required
    assert naming.code_list


def test_only_staging_reads_the_record(manifest: dict) -> None:
    """Where rows come from is changed in one place; only the hash of the record goes past it."""
    readers = {
        node["path"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        and any(
            manifest["nodes"][parent]["original_file_path"].startswith(f"{RECORD}/")
            for parent in node["depends_on"]["nodes"]
        )
    }
    assert {path for path in readers if not path.startswith("staging/")} == {"reports/about.sql"}
    assert len(readers) > 1


@pytest.mark.parametrize(
    "path",
    sorted([*PROJECT.glob("models/*/*.sql"), *PROJECT.glob("analyses/*.sql")]),
    ids=lambda path: path.stem,
)
def test_sql_is_laid_out_as_written(path: Path) -> None:
    """The layout that sqruff cannot see, since it reads the SQL that dbt compiles."""
    text = path.read_text(encoding="utf-8")
    assert text.strip() + "\n" == text
    lines = text.splitlines()
    assert [line for line in lines if line != line.rstrip() or "\t" in line] == []
    code = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL).splitlines()
    assert [line for line in code if len(line) > MAX_LINE_LENGTH] == []
