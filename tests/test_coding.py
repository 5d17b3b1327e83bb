"""The double coding of the founding article: every difference is settled in writing."""

import csv

import agreement
import pytest

SETTLED = agreement.FIRST.parent / "settled.csv"


@pytest.fixture(scope="module")
def codings() -> tuple[agreement.Coding, agreement.Coding]:
    """Read both codings as they were made."""
    return agreement.Coding.read(agreement.FIRST), agreement.Coding.read(agreement.SECOND)


def test_every_difference_is_settled(codings: tuple) -> None:
    """What the comparison finds today is what was settled, row by row, each with a reason."""
    with SETTLED.open(encoding="utf-8", newline="") as file:
        settled = list(csv.DictReader(file))
    found = agreement.differences(*codings, agreement.compare(*codings))
    columns = ["table", "difference", "paragraph", "words", "first", "second"]
    assert [[row[column] for column in columns] for row in settled] == found
    assert {row["settled"] for row in settled} <= {"first", "second", "both", "neither"}
    assert all(row["reason"].strip() for row in settled)


def test_a_coding_agrees_with_itself(codings: tuple) -> None:
    """The measure gives 1 for two equal codings, so that a lower figure means a difference."""
    first, _ = codings
    for found in agreement.compare(first, first):
        assert found.f1 == pytest.approx(1.0), found.name
        assert all(value in (None, pytest.approx(1.0)) for value in found.alphas.values())


def test_alpha_is_lower_where_codes_differ() -> None:
    """Alpha of opposite codes is below zero, of one code for all undefined."""
    assert agreement.alpha([("a", "b"), ("b", "a")]) < 0
    assert agreement.alpha([("a", "a"), ("a", "a")]) is None
    assert agreement.alpha([("a", "a"), ("b", "b"), ("a", "b")]) < 1
