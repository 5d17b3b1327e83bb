"""Passages: how a paragraph is normalised and hashed, and the test of locators against a text.

The rule is written down in CODING.md, section Passages. The text of a source is never in the
repository; whoever holds it can test every locator.
"""

import csv
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from strike_ledger.declarations import PROJECT, RECORD

_SINGLE = re.compile("[\u2018\u2019\u201a\u201b\u2032\u2039\u203a]")
_DOUBLE = re.compile("[\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb]")


def normalise(text: str) -> str:
    """Put a text into the form that is measured and hashed.

    Unicode NFC; curly, angled and prime quotation marks become `'` or `"`; every run of white
    space becomes one space; the ends are trimmed.
    """
    text = unicodedata.normalize("NFC", text)
    return " ".join(_DOUBLE.sub('"', _SINGLE.sub("'", text)).split())


def paragraphs(text: str) -> list[str]:
    """Give the normalised paragraphs of a text: its lines that are not blank, in order."""
    return [line for line in map(normalise, text.splitlines()) if line]


def fingerprint(paragraph: str) -> tuple[int, str]:
    """Give length in characters and SHA-256 of a paragraph, after normalising it."""
    paragraph = normalise(paragraph)
    return len(paragraph), hashlib.sha256(paragraph.encode()).hexdigest()


@dataclass(frozen=True)
class Verdict:
    """What became of one passage: `holds`, `moved` (found at another paragraph) or `fails`."""

    passage_id: str
    locator: str
    state: str
    detail: str = ""


def verify(text: str, source_id: str, record: Path = PROJECT / RECORD) -> list[Verdict]:
    """Test each hashed paragraph passage of a source against a text.

    `text` is the whole document, a paragraph a line. Raises ValueError where the record has no
    hashed paragraph of that source.
    """
    held = [fingerprint(paragraph) for paragraph in paragraphs(text)]
    verdicts, hashed = [], set()
    with (record / "passages.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["locator_kind"] != "paragraph" or not row["sha256"]:
                continue
            hashed.add(row["source_id"])
            if row["source_id"] != source_id:
                continue
            wanted = (int(row["n_characters"]), row["sha256"])
            number = int(row["locator"])
            if number <= len(held) and held[number - 1] == wanted:
                state, detail = "holds", ""
            elif wanted in held:
                state, detail = "moved", f"found as paragraph {held.index(wanted) + 1}"
            elif number > len(held):
                state, detail = "fails", f"the text has {len(held)} paragraphs"
            else:
                state, detail = "fails", f"{held[number - 1][0]} characters, not {wanted[0]}"
                if held[number - 1][0] == wanted[0]:
                    detail = "same length, other wording"
            verdicts.append(Verdict(row["passage_id"], row["locator"], state, detail))
    if not verdicts:
        raise ValueError(
            f"passages.csv has no hashed paragraph of {source_id}. "
            f"It has some of: {', '.join(sorted(hashed))}"
        )
    return verdicts
