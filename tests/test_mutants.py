"""The figures of the mutation of the rules are of the present rules, and the killer does kill."""

import csv
import random

import mutants
import pytest
from conftest import Copy
from mutants import Killer, Mutant

from models import Models

SAMPLE = 60


@pytest.fixture(scope="module")
def killer(built: Copy) -> Killer:
    """Hold the built copy against mutants."""
    return Killer(Models(built))


@pytest.fixture(scope="module")
def result() -> dict[str, dict[str, str]]:
    """Give the committed figures by model."""
    with mutants.RESULT.open(encoding="utf-8", newline="") as file:
        return {row["model"]: row for row in csv.DictReader(file)}


def test_the_runner_agrees_with_dbt(killer: Killer) -> None:
    """Each unit test passes here as it did in the build, and fails where the rows are gone."""
    assert len(killer.unit_tests) == len(killer.models.unit_tests) > 50
    for test in killer.unit_tests:
        assert test.passes(test.sql), f"{test.model}: {test.name}"
        emptied = f"select * from ({test.sql}) where false"
        assert not test.passes(emptied), f"{test.model}: {test.name}"


def test_an_unaltered_model_survives(killer: Killer) -> None:
    """What the mutants are written with changes nothing by itself."""
    for name, sql in killer.models.sql.items():
        if killer.models.folder(name) != "staging":
            same = Mutant(name, name, mutants.parsed(sql).sql("duckdb"), sql)
            assert killer.verdict(same) == "survived", name


def test_the_result_is_of_the_present_rules(killer: Killer, result: dict) -> None:
    """A result that was not made anew after a rule or a test of it changed is stale."""
    assert result["total"]["rules_sha256"] == mutants.rules_hash(killer.models), (
        "run `make mutants`"
    )


def test_the_result_adds_up_and_reaches_the_goal(result: dict) -> None:
    """The total is that of the models, and each survivor is explained."""
    total = {column: int(result["total"][column]) for column in [*mutants.COLUMNS, "invalid"]}
    for column, figure in total.items():
        assert figure == sum(int(row[column]) for name, row in result.items() if name != "total")
    killed = total["killed_by_unit_tests"] + total["killed_by_record"]
    assert killed + total["survived"] == total["made"]
    assert killed >= mutants.GOAL * total["made"]
    explained = mutants.survivors_explained()
    assert len(explained) == total["survived"]
    assert all(explained.values())


def test_a_sample_ends_as_it_was_told(killer: Killer) -> None:
    """Of mutants drawn from a fixed seed those explained survive, and all others are killed."""
    explained = mutants.survivors_explained()
    assert explained.keys() <= {mutant.name for mutant in killer.mutants}
    for mutant in random.Random(SAMPLE).sample(killer.mutants, SAMPLE):  # noqa: S311
        verdict = killer.verdict(mutant)
        assert (verdict == "survived") == (mutant.name in explained), mutant.name
