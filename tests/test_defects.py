"""The defect harness itself: that its figures are of today's checker, and a short run of it."""

import json
import random
from unittest.mock import patch

import defects
import pytest
from conftest import Copy, Record

from models import Models
from strike_ledger.checks import check
from strike_ledger.declarations import RECORD, VOCABULARY

PLANTED = defects.all_defects()
RESULT = json.loads(defects.RESULT.read_text(encoding="utf-8"))


def test_the_figures_are_of_todays_checker() -> None:
    """A figure of an older checker would promise what nobody has tried."""
    assert {**RESULT["inputs"], "record": ""} == {**defects.inputs(), "record": ""}, (
        "run `make defects`"
    )
    assert RESULT["must be caught"]["planted"] >= 2000


def test_each_table_and_column_is_damaged() -> None:
    """The draw leaves no table without a kind that it can have, and no column untouched."""
    columns = {(table.name, c.name) for table in defects.DECLARED.values() for c in table.columns}
    assert columns <= {(d.table, part) for d in PLANTED for part in d.column.split(", ")}
    kinds = {defect.kind for defect in PLANTED}
    assert set(defects.UNKNOWABLE) < kinds
    everywhere = [kind for kind in kinds if kind in defects.EVERYWHERE]
    damaged = {(defect.kind, defect.table) for defect in PLANTED}
    assert damaged >= {(kind, table) for kind in everywhere for table in defects.DECLARED}


@pytest.mark.parametrize("table", ["citations", "codes", "events"])
def test_what_is_remembered_of_the_record_hides_nothing(record: Record, table: str) -> None:
    """A check that asks only what may have changed finds what a whole check does, as often.

    On the tables emptied here hang nearly all others: by rule, by code or by reference.
    """
    record.remove(table, lambda row: True)
    findings = check(record.folder / RECORD, record.folder / VOCABULARY)
    assert len({finding.file for finding in findings}) > 2
    assert record.check() == findings


@pytest.fixture(scope="module")
def bench(built: Copy, tmp_path_factory: pytest.TempPathFactory) -> defects.Bench:
    """Give a bench on a copy of the record."""
    return defects.Bench(tmp_path_factory.mktemp("bench") / "record", Models(built))


def _one_of_each_kind() -> list[int]:
    by_kind: dict[str, list[int]] = {}
    for number, defect in enumerate(PLANTED):
        # What breaks a rule is planted in test_checks.py one by one.
        if defect.kind not in defects.UNKNOWABLE and not defect.kind.startswith("rule of"):
            by_kind.setdefault(defect.kind, []).append(number)
    rng = random.Random(defects.SEED)  # noqa: S311
    return [rng.choice(numbers) for numbers in by_kind.values()]


@pytest.mark.parametrize("number", _one_of_each_kind(), ids=lambda n: PLANTED[n].name)
def test_a_defect_fares_as_in_the_whole_run(bench: defects.Bench, number: int) -> None:
    """One of each kind that must be caught, planted anew: caught before load, told in its place."""
    outcome = bench.run(number)
    if outcome is None:
        assert PLANTED[number].name in RESULT["no row suits"]
        return
    assert (outcome.caught == "nowhere") == (outcome.name in RESULT["let through"])
    elsewhere = outcome.name in RESULT["told elsewhere"]
    assert outcome.in_place != elsewhere, outcome.told


def test_without_the_checker_nothing_is_caught_before_load(bench: defects.Bench) -> None:
    """The harness counts what happens: it would see a checker that looks away."""
    number = next(n for n, defect in enumerate(PLANTED) if defect.kind == "dangling reference")
    with patch.object(Record, "check", return_value=[]):
        outcome = bench.run(number)
    assert (outcome.caught, outcome.in_place) == ("build", False)


def test_a_record_without_defects_passes(bench: defects.Bench, built: Copy) -> None:
    """What finds fault with a good record finds nothing out."""
    assert bench.record.check() == []
    assert not defects.complains(Models(built), bench.record)
