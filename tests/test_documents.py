"""The documents say what the project is: their queries, tables, commands and names are checked."""

import csv
import re
import tomllib
from pathlib import Path

import pytest
import readme
import yaml
from conftest import Copy

from strike_ledger.cli import main
from strike_ledger.declarations import MARTS, PROJECT, RECORD, REPORTS, VOCABULARY, tables

RULES = PROJECT / "RULES.md"


def _rows(file: str) -> list[dict[str, str]]:
    with (PROJECT / file).open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def _column(file: str, column: str) -> list[str]:
    return [row[column] for row in _rows(file)]


@pytest.mark.parametrize(
    "document", [readme.README, readme.CODING, readme.SCALE], ids=lambda path: path.name
)
def test_shown_results_are_real(document: Path, built: Copy, shuffled: Path) -> None:
    """A result shown in a document is what the project gives today, however rows lie."""
    text = document.read_text(encoding="utf-8")
    assert text == readme.rendered(document, built.database), (
        "run `make build` and `python tests/readme.py`"
    )
    for query in readme.QUERY.findall(text):
        assert readme.result(query, built.database) == readme.result(query, shuffled), (
            f"its order leaves rows to chance: {query}"
        )


def test_commands_exist() -> None:
    """A command that the README tells a reader to type is there."""
    text = readme.README.read_text(encoding="utf-8")
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = set(re.findall(r"`?make ([a-z]+)`?", text)) - {"alone", "the"}
    assert named, "the README names no target"
    assert named <= targets
    named = set(re.findall(r"strike-ledger (\w+)", text))
    assert named
    assert named <= set(main.commands)


@pytest.mark.parametrize("document", ["README.md", "CODING.md", "RULES.md"])
def test_names_exist(document: str) -> None:
    """A file, folder, model, table or column that a document names in code type is there."""
    text = (PROJECT / document).read_text(encoding="utf-8")
    known = {path.stem for path in (PROJECT / "models").rglob("*.sql")}
    for folder in (RECORD, VOCABULARY, REPORTS, MARTS):
        for name, table in tables(folder).items():
            known |= {name, *table.column_names}
    for vocabulary in ("codes", "qualifiers"):
        lines = (PROJECT / f"seeds/{vocabulary}.csv").read_text(encoding="utf-8").splitlines()
        known |= {cell for line in lines for cell in line.split(",")[:2]}
    snake = {word for word in re.findall(r"`([a-z]+(?:_[a-z0-9]+)+)`", text)}
    rules = re.findall(r"rule == '(\w+)'", (PROJECT / "macros/record.sql").read_text())
    assert snake <= known | {"strike_ledger", "duckdb_columns", *rules}, snake - known
    for file in re.findall(r"`([a-z_]+/(?:[\w/]+\.\w+)?)`", text):
        assert (PROJECT / file).exists(), file
    for link in re.findall(r"\]\(([^)]+)\)", text):
        assert (PROJECT / link).exists(), link


def test_table_of_qualifiers_is_the_vocabulary() -> None:
    """RULES.md tells of a qualifier what seeds/qualifiers.csv makes of it."""
    text = RULES.read_text(encoding="utf-8")
    lines = (PROJECT / "seeds/qualifiers.csv").read_text(encoding="utf-8").splitlines()[1:]
    for line in lines:
        label = line.split(",")[1].split(" ")[0].lower()
        assert re.search(rf"^\| .*\b{label}", text, re.MULTILINE | re.IGNORECASE), line


def test_one_version_is_told_everywhere() -> None:
    """The version in the package, the project, the citation and the changelog is one."""
    version = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["version"]
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())
    citation = yaml.safe_load((PROJECT / "CITATION.cff").read_text())
    (newest, *_) = re.findall(r"^## (\d\S+)", (PROJECT / "CHANGELOG.md").read_text(), re.MULTILINE)
    told = {project["version"], project["vars"]["release"], citation["version"], newest}
    assert told == {version}


def test_the_worked_example_holds(tmp_path: Path) -> None:
    """Whoever appends the README's rows as they stand gets a record without a problem."""
    assert readme.example(tmp_path / "right") == []
    n_lines = len(readme.example(tmp_path / "wrong", readme.with_mistakes))
    assert n_lines >= 3


def test_every_fact_handed_in_is_accounted_for() -> None:
    """Each line of evidence names records that are there, one of them cited from its source."""
    ids = {
        cell
        for table in tables(RECORD).values()
        for cell in _column(table.file, table.primary_key[0])
    }
    sources = {row["source_id"]: row["url"] for row in _rows("seeds_csv/sources.csv")}
    passages = {
        row["passage_id"]: sources[row["source_id"]] for row in _rows("seeds_csv/passages.csv")
    }
    cited = {
        (passages[row["passage_id"]], row["cited_id"]) for row in _rows("seeds_csv/citations.csv")
    }
    for line in _rows("tests/coding/corroboration.csv"):
        records = line["records"].split()
        assert set(records) <= ids, line
        if line["outcome"] == "coded":
            assert any((line["source_url"], record) in cited for record in records), line
        else:
            assert line["outcome"] == "left_out", line
            assert not records, line
            assert len(line["reason"].split()) > 3, line
