"""The analyses give the answers written under them; the figures of each build are as pinned."""

import csv
import shutil
from pathlib import Path

import pytest
from conftest import Copy
from readme import ANALYSES, answered

import strike_ledger

HEADLINES = Path(__file__).with_name("headlines.csv")


@pytest.fixture(scope="module")
def compiled(built: Copy) -> Path:
    """Give the folder with the compiled analyses of the built copy."""
    return built.folder / "target/compiled/strike_ledger/analyses"


@pytest.mark.parametrize("analysis", sorted(ANALYSES.glob("*.sql")), ids=lambda path: path.stem)
def test_analysis_answers(analysis: Path, built: Copy, compiled: Path, shuffled: Path) -> None:
    """Each opens with its question and shows the answer that it gets, however rows lie."""
    text = analysis.read_text(encoding="utf-8")
    question, _, _ = text.partition("#}")
    assert question.startswith("{#")
    assert question.rstrip().endswith("?")
    with strike_ledger.connect(built.database) as connection:
        assert connection.sql((compiled / analysis.name).read_text(encoding="utf-8")).fetchall()
    assert text == answered(analysis, compiled, built.database), "run `python tests/readme.py`"
    assert text == answered(analysis, compiled, shuffled), "its order leaves rows to chance"


@pytest.fixture(scope="module")
def builds(built: Copy) -> dict[str, Path]:
    """Give the database of all sources, and separate files with the models of another choice."""
    choices = {
        "article": "{sources: [src_mei_article]}",
        "latest_official": "{best_rule: latest_official}",
        "lowest": "{best_rule: lowest}",
    }
    found = {name: built.folder / f"{name}.duckdb" for name in choices}
    runs = []
    for name, choice in choices.items():
        shutil.copyfile(built.database, found[name])
        place = {"STRIKE_LEDGER_DATABASE": str(found[name]), "DBT_TARGET_PATH": name}
        runs.append((place, ["run", "--vars", choice]))
    for said, status in built.dbt(*runs):
        assert status == "0", said
    return {"all_sources": built.database, **found}


def _headlines() -> list[dict[str, str]]:
    with HEADLINES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("pinned", _headlines(), ids=lambda row: "-".join(list(row.values())[:3]))
def test_headlines(pinned: dict[str, str], builds: dict[str, Path]) -> None:
    """The view gives what the sources read tell under the rule chosen, no more and no less."""
    with strike_ledger.connect(builds[pinned["build"]]) as connection:
        (found,) = connection.execute(
            f"select {pinned['column_name']} from civilian_harm_by_strike where event_id = ?",
            [pinned["event_id"]],
        ).fetchone()
    assert ("" if found is None else str(found)) == pinned["figure"], pinned["why"]


def test_the_record_has_many_witnesses(built: Copy) -> None:
    """What makes this record: rival claimants on each strike, many reports, many responders."""
    with strike_ledger.connect(built.database) as connection:

        def count(query: str) -> int:
            return connection.sql(f"select count(*) from ({query})").fetchall()[0][0]

        assert count("select * from casualty_reports where part_of_id is null") > 40
        assert count("select distinct responder_id from reactions_by_country where n_acts > 0") > 30
        for strike in ("evt_iran_on_erbil", "evt_iran_on_idlib", "evt_pakistan_on_iran"):
            rivals = (
                "select claimant_id from intermediate.int_positions where stance = 'asserts' "
                f"and event_id = '{strike}' "
                "and topic in ('killed', 'injured', 'target', 'missiles', 'launch_site')"
            )
            assert count(f"select distinct claimant_id from ({rivals})") >= 3
        assert count("from marts.fct_responses where response_kind = 'restore_ambassadors'") > 0
        assert (
            count("from marts.fct_events where from_utc is not null and n_times_reported > 0") > 0
        )


def test_a_rule_that_does_not_exist_is_refused(built: Copy) -> None:
    """A mistyped choice does not fall back to another silently."""
    done = built.run("dbt", "compile", "--vars", "{best_rule: highest}")
    assert done.returncode != 0
    assert "best_rule: 'highest' is no rule. Write most_witnesses" in done.stdout


def test_about_tells_the_choice(builds: dict[str, Path]) -> None:
    """Whoever opens a file can see which documents and which rule it was built with."""
    told = {}
    for name, database in builds.items():
        with strike_ledger.connect(database) as connection:
            ((*told[name],),) = connection.sql(
                "select sources_read, best_rule from about"
            ).fetchall()
    assert told == {
        "all_sources": ["all", "most_witnesses"],
        "article": ["src_mei_article", "most_witnesses"],
        "latest_official": ["all", "latest_official"],
        "lowest": ["all", "lowest"],
    }
