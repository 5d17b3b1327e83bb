"""The forty likeliest mistakes of a curator, and what the checker says to each.

`python tests/mistakes.py` writes the golden files in tests/mistakes/ anew; a test compares them.
Line numbers, which change as the record grows, are written as `N` there.
"""

import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import test_checks as checks
from conftest import Record

from strike_ledger.checks import report
from strike_ledger.declarations import PROJECT, RECORD, VOCABULARY

GOLDEN = Path(__file__).with_name("mistakes")
_LINE = re.compile(r"(?<=\.csv:)\d+|(?<=in line )\d+")


def _bytes(table: str, spoil: Callable[[bytes], bytes]) -> checks.Edit:
    def edit(r: Record) -> int:
        path = r.path(table)
        path.write_bytes(spoil(path.read_bytes()))
        return 1

    return edit


def _renamed(table: str, old: str, new: str) -> checks.Edit:
    return _bytes(table, lambda b: b.replace(f",{old},".encode(), f",{new},".encode(), 1))


def _said(**values: str) -> checks.Edit:
    return lambda r: checks.statement(r, **checks.SAID | values)


def _exchanged_point(r: Record) -> int:
    values = checks.POINT | {"latitude": "44.01", "longitude": "36.19"}
    return checks.location(country="IRQ", **values)(r)


TOLD = ("casualties", checks.has("figure_low"))
MISTAKES: dict[str, checks.Edit] = {
    "a number in words": checks.change(*TOLD, figure_low="four"),
    "a number with a comma": checks.change(*TOLD, figure_low="1,000"),
    "the lower number last": checks.figure("casualties", "cas_planted", "9", "7", "between"),
    "one figure of two": checks.figure("casualties", "cas_planted", "9", "", "at_least"),
    "no figure and exactly": checks.figure("casualties", "cas_planted", "", "", "exactly"),
    "a figure and several": checks.figure("casualties", "cas_planted", "3", "3", "several"),
    "a part greater than its whole": checks.too_great_a_part,
    "parts that add to more": checks.too_many_parts,
    "a part of another statement": checks.part_elsewhere("statement_id", "statements"),
    "a group left empty": checks.change("casualties", sex=""),
    "day before month": checks.change("episodes", from_date="15/01/2024"),
    "a month by its name": checks.change("episodes", from_date="January 2024"),
    "a day that is none": checks.change("episodes", from_date="2024-02-30"),
    "the later day first": _said(said_from_date=checks.LATE, said_to_date="2024-01-16"),
    "a day of several days": _said(said_date_precision="day"),
    "a day without precision": _said(said_date_precision=""),
    "said before it happened": checks.told_before("casualties"),
    "said after it was printed": _said(said_from_date="2030-01-01"),
    "a response before its event": checks.answer_before_event,
    "no claimant": checks.change("statements", claimant_id=""),
    "a claimant mistyped": checks.change("statements", claimant_id="act_ali_fatollah_nejad"),
    "an actor not entered": checks.change("statements", claimant_id="act_zebra"),
    "an office of somebody else": checks.office_of_another,
    "an office not held that day": checks.office_left,
    "a rival that supersedes": checks.rival_superseded,
    "a code mistyped": checks.change("claims", stance="assert"),
    "a label for a code": checks.change("casualties", outcome="Killed"),
    "a strike as a response": checks.change("responses", kind="military_strike"),
    "a key used twice": checks.add("names"),
    "a key with capitals": checks.add("names", name_id="nam_Erbil"),
    "a statement without citation": checks.orphan("statements", "citations"),
    "a passage not entered": checks.change("citations", passage_id="psg_ucdp_gde"),
    "a document entered twice": checks.same_address,
    "a proposition nobody speaks of": checks.add("propositions", proposition_id="prp_planted"),
    "a response to nothing": checks.orphan("responses", "response_events"),
    "latitude and longitude exchanged": _exchanged_point,
    "a comma without quotation marks": _bytes(
        "names",
        lambda b: b + b"nam_planted,actors,act_iran,Iran, the Islamic Republic of,full,en,,,\n",
    ),
    "a column renamed": _renamed("statements", "claimant_id", "claiment_id"),
    "saved with a byte order mark": _bytes("names", lambda b: b"\xef\xbb\xbf" + b),
    "a word for nothing": checks.change("names", name="n/a"),
}


def said(name: str, folder: Path) -> str:
    """Make a mistake in a copy of the record, and give what the checker prints."""
    for copied in (RECORD, VOCABULARY):
        shutil.copytree(PROJECT / copied, folder / copied)
    record = Record(folder)
    MISTAKES[name](record)
    return _LINE.sub("N", report(record.check())) + "\n"


def golden(name: str) -> Path:
    """Give the golden file of a mistake."""
    return GOLDEN / f"{name.replace(' ', '_')}.txt"


def main() -> None:
    """Write all golden files anew."""
    GOLDEN.mkdir(exist_ok=True)
    for stale in GOLDEN.glob("*.txt"):
        stale.unlink()
    for name in MISTAKES:
        with tempfile.TemporaryDirectory() as folder:
            golden(name).write_text(said(name, Path(folder)), encoding="utf-8")


if __name__ == "__main__":
    main()
