"""How far two codings of the founding article agree.

`python tests/agreement.py` compares the first coding, with the rows and codes it had
before anybody compared it, with the second, which was made from the text, the YAML and CODING.md
alone. Records are matched within a table where they share a paragraph, by the likeness of their
words; the codes are not looked at. It prints a table of F1 (how far both found the same records)
and Krippendorff's alpha (how far the matched records carry the same codes), and with
`--differences` every record found once and every code that differs.
"""

import argparse
import csv
import sys
from dataclasses import dataclass
from pathlib import Path

import krippendorff
import numpy as np
from rapidfuzz import fuzz
from scipy.optimize import linear_sum_assignment

from strike_ledger.declarations import RECORD, tables

FIRST = Path(__file__).parent / "coding" / "first"
SECOND = Path(__file__).parent / "coding" / "second"
SOURCE = "src_mei_article"
LIKENESS = 60  # out of 100; below it two texts are not taken for the same record

# What each record says in words: columns of its own, or `column>` for the words of the record
# that the column names.
WORDS = {
    "actors": ["name"],
    "locations": ["name"],
    "events": ["label", "summary"],
    "statements": ["claimant_id>", "summary"],
    "propositions": ["text"],
    "claims": ["statement_id>", "target_id>"],
    "casualties": ["wording"],
    "munitions": ["wording"],
    "damage": ["wording"],
    "responses": ["label", "summary"],
    "actor_relations": ["actor_id>", "other_actor_id>", "title"],
    "event_actors": ["event_id>", "actor_id>"],
    "event_links": ["event_id>", "linked_event_id>"],
}
# Where a table's rows have no passage of their own, the column that leads to it.
ANCHORS = {
    "propositions": None,
    "claims": "statement_id",
    "casualties": "statement_id",
    "munitions": "statement_id",
    "damage": "statement_id",
    "event_actors": "event_id",
    "event_links": "statement_id",
}


@dataclass
class Coding:
    """One coding: its rows by table, and the words and paragraphs of each row."""

    rows: dict[str, list[dict[str, str]]]

    @classmethod
    def read(cls, folder: Path) -> "Coding":
        """Read every declared CSV of a folder."""
        rows = {}
        for name in [*WORDS, "citations", "passages"]:
            with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
                rows[name] = list(csv.DictReader(file))
        return cls(rows)

    def __post_init__(self) -> None:
        """Index the rows by key and the paragraphs by record."""
        self.by_key = {}
        for name in WORDS:
            key = tables(RECORD)[name].primary_key
            if len(key) == 1:
                for row in self.rows[name]:
                    self.by_key[row[key[0]]] = (name, row)
        locators = {
            row["passage_id"]: row["locator"]
            for row in self.rows["passages"]
            if row["source_id"] == SOURCE
        }
        self.paragraphs: dict[str, set[str]] = {}
        for row in self.rows["citations"]:
            if row["passage_id"] in locators:
                self.paragraphs.setdefault(row["cited_id"], set()).add(locators[row["passage_id"]])
        for row in self.rows["claims"]:
            self.paragraphs.setdefault(row["target_id"], set()).update(
                self.paragraphs.get(row["statement_id"], set())
            )
        for key, (_, row) in self.by_key.items():
            if row.get("passage_id") in locators:
                self.paragraphs.setdefault(key, set()).add(locators[row["passage_id"]])

    def words(self, name: str, row: dict[str, str]) -> str:
        """Give what a record says, in words."""
        parts = []
        for column in WORDS[name]:
            value = row[column.rstrip(">")]
            if column.endswith(">") and value in self.by_key:
                other, found = self.by_key[value]
                value = self.words(other, found) if other in WORDS else value
            parts.append(value)
        return " ".join(part for part in parts if part)

    def where(self, name: str, row: dict[str, str]) -> set[str]:
        """Give the paragraphs in which a record is found."""
        if ANCHORS.get(name):
            return self.paragraphs.get(row[ANCHORS[name]], set())
        return self.paragraphs.get(row[tables(RECORD)[name].primary_key[0]], set())

    def of_article(self, name: str) -> list[dict[str, str]]:
        """Give the rows of a table that rest on the article."""
        return [row for row in self.rows[name] if self.where(name, row)]


@dataclass
class Agreement:
    """Agreement on one table: rows of each coding, matched pairs, alpha by column."""

    name: str
    first: list[dict[str, str]]
    second: list[dict[str, str]]
    pairs: list[tuple[int, int]]
    alphas: dict[str, float | None]

    @property
    def f1(self) -> float:
        """Twice the matched pairs over all rows of both codings."""
        n_rows = len(self.first) + len(self.second)
        return 2 * len(self.pairs) / n_rows if n_rows else 1.0


def match(name: str, first: Coding, second: Coding) -> list[tuple[int, int]]:
    """Pair the rows of a table so that the sum of their likeness is greatest."""
    ours, theirs = first.of_article(name), second.of_article(name)
    likeness = np.zeros((len(ours), len(theirs)))
    for i, our_row in enumerate(ours):
        words, where = first.words(name, our_row), first.where(name, our_row)
        for j, their_row in enumerate(theirs):
            if where & second.where(name, their_row):
                likeness[i, j] = fuzz.token_set_ratio(words, second.words(name, their_row))
    pairs = zip(*linear_sum_assignment(-likeness), strict=True)
    return [(int(i), int(j)) for i, j in pairs if likeness[i, j] >= LIKENESS]


def alpha(values: list[tuple[str, str]]) -> float | None:
    """Krippendorff's alpha of two coders, nominal; None where there is only one code to choose."""
    codes = sorted({code for pair in values for code in pair})
    if len(codes) < 2:
        return None
    data = np.array([[codes.index(code) for code in coder] for coder in zip(*values, strict=True)])
    return float(
        krippendorff.alpha(
            reliability_data=data,
            value_domain=list(range(len(codes))),
            level_of_measurement="nominal",
        )
    )


def compare(first: Coding, second: Coding) -> list[Agreement]:
    """Compare two codings table by table."""
    found = []
    for name in WORDS:
        ours, theirs = first.of_article(name), second.of_article(name)
        pairs = match(name, first, second)
        categorical = [
            column.name
            for column in tables(RECORD)[name].columns
            if (column.code_list or column.target in (("qualifiers", "code"),))
            and column.name != "target_table"
            and column.name in ours[0]  # a column added since has no codes to compare
        ]
        alphas = {
            column: alpha([(ours[i][column], theirs[j][column]) for i, j in pairs])
            for column in categorical
        }
        found.append(Agreement(name, ours, theirs, pairs, alphas))
    return found


def as_table(agreements: list[Agreement]) -> str:
    """Write the agreement as a Markdown table."""
    lines = [
        "| table | first | second | matched | F1 | Krippendorff's alpha of the matched |",
        "|---|---:|---:|---:|---:|---|",
    ]
    for a in agreements:
        told = [f"{column} {value:.2f}" for column, value in a.alphas.items() if value is not None]
        lines.append(
            f"| {a.name} | {len(a.first)} | {len(a.second)} | {len(a.pairs)} | {a.f1:.2f} "
            f"| {', '.join(told) or '-'} |"
        )
    n_pairs = sum(len(a.pairs) for a in agreements)
    n_first = sum(len(a.first) for a in agreements)
    n_second = sum(len(a.second) for a in agreements)
    lines.append(
        f"| **all** | {n_first} | {n_second} | {n_pairs} "
        f"| {2 * n_pairs / (n_first + n_second):.2f} | |"
    )
    return "\n".join(lines)


def differences(first: Coding, second: Coding, agreements: list[Agreement]) -> list[list[str]]:
    """List what only one coding found and the codes that differ: table, what, paragraph, words."""
    rows = []
    for a in agreements:
        matched_first = {i for i, _ in a.pairs}
        matched_second = {j for _, j in a.pairs}
        for coding, side, own, matched in (
            (first, "first only", a.first, matched_first),
            (second, "second only", a.second, matched_second),
        ):
            for number, row in enumerate(own):
                if number not in matched:
                    where = ", ".join(sorted(coding.where(a.name, row), key=int))
                    rows.append([a.name, side, where, coding.words(a.name, row), "", ""])
        for i, j in a.pairs:
            for column in a.alphas:
                ours, theirs = a.first[i][column], a.second[j][column]
                if ours != theirs:
                    where = ", ".join(sorted(first.where(a.name, a.first[i]), key=int))
                    words = first.words(a.name, a.first[i])
                    rows.append([a.name, column, where, words, ours, theirs])
    return rows


def main() -> None:
    """Print the table of agreement, or the differences as CSV."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--differences", action="store_true", help="list every difference as CSV")
    arguments = parser.parse_args()
    first, second = Coding.read(FIRST), Coding.read(SECOND)
    agreements = compare(first, second)
    if arguments.differences:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(["table", "difference", "paragraph", "words", "first", "second"])
        writer.writerows(differences(first, second, agreements))
    else:
        print(as_table(agreements))


if __name__ == "__main__":
    main()
