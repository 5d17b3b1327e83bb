"""What the checker says to the forty likeliest mistakes is as reviewed, and says what is right."""

from pathlib import Path

import mistakes
import pytest

assert len(mistakes.MISTAKES) == 40


@pytest.mark.parametrize("name", mistakes.MISTAKES)
def test_the_checker_says_what_is_wrong_and_what_is_right(name: str, tmp_path: Path) -> None:
    """A message is read by somebody in a hurry: each line has its place and its remedy."""
    told = mistakes.said(name, tmp_path)
    assert told == mistakes.golden(name).read_text(encoding="utf-8"), (
        "read the difference, then run `python tests/mistakes.py`"
    )
    *lines, count = told.splitlines()
    assert count.endswith("in the record; nothing was loaded.")
    for line in lines:
        place, _, rest = line.partition("  ")
        assert place.rstrip().endswith(".csv:N")
        problem, _, remedy = rest.partition(". ")
        assert problem and remedy, line


def test_every_golden_file_is_of_a_mistake() -> None:
    """A file left behind would be read as what the checker says today."""
    assert {mistakes.golden(name) for name in mistakes.MISTAKES} == set(mistakes.GOLDEN.iterdir())
