"""The analyses run, and the figures of the record are what a reader of the article would find."""

from pathlib import Path

import pytest
from conftest import Copy

import strike_ledger
from strike_ledger.declarations import PROJECT

ANALYSES = sorted((PROJECT / "analyses").glob("*.sql"))


@pytest.fixture(scope="module")
def compiled(built: Copy) -> Path:
    """Compile the analyses of the built copy once."""
    done = built.run("dbt", "compile", "--select", "path:analyses")
    assert done.returncode == 0, done.stdout
    return built.folder / "target/compiled/strike_ledger/analyses"


@pytest.mark.parametrize("analysis", ANALYSES, ids=lambda path: path.stem)
def test_analysis_answers(analysis: Path, built: Copy, compiled: Path) -> None:
    """Each question opens with the question itself and gets an answer."""
    assert analysis.read_text(encoding="utf-8").startswith("{#")
    assert "?" in analysis.read_text(encoding="utf-8").split("#}")[0]
    with strike_ledger.connect(built.database) as connection:
        rows = connection.sql((compiled / analysis.name).read_text(encoding="utf-8")).fetchall()
    assert rows


# What a reader of the article finds by hand, with the paragraph: strike, column, figure.
HEADLINES = [
    ("evt_iran_on_erbil", "killed_best", 6),  # 4: half a dozen
    ("evt_iran_on_erbil", "stated_civilians_killed_low", 6),  # 4: civilians
    ("evt_iran_on_erbil", "foreign_nationals_killed_low", 2),  # 4: nationals of two countries
    ("evt_iran_on_erbil", "foreign_nationals_killed_best", None),  # 4: not told how many
    ("evt_iran_on_erbil", "children_killed_low", None),  # no word on children
    ("evt_iran_on_erbil", "killed_qualifiers", "about; plural"),  # 4, 14
    ("evt_iran_on_erbil", "places", "Erbil"),  # 3
    ("evt_iran_on_erbil", "from_date", "2024-01-15"),  # 3
    ("evt_iran_on_idlib", "killed_low", None),  # no word on people hurt
    ("evt_iran_on_idlib", "places", "Idlib; Telteita"),  # 3, 15
    ("evt_iran_on_idlib", "objects_hit", "medical_facility"),  # 15
    ("evt_iran_on_pakistan", "children_killed_low", 2),  # 17: at least two
    ("evt_iran_on_pakistan", "killed_high", None),  # 17: at least
    ("evt_iran_on_pakistan", "from_date", "2024-01-16"),  # 17
    ("evt_pakistan_on_iran", "killed_best", 9),  # 18: nine
    ("evt_pakistan_on_iran", "women_killed_best", 3),  # 18: three women
    ("evt_pakistan_on_iran", "women_killed_high", None),  # 18: two may be women too
    ("evt_pakistan_on_iran", "children_killed_best", 4),  # 18: four children
    ("evt_pakistan_on_iran", "men_killed_low", None),  # 18: two of whom nothing is said
    ("evt_pakistan_on_iran", "foreign_nationals_killed_best", 7),  # 18: women and children
    ("evt_pakistan_on_iran", "stated_civilians_killed_low", None),  # 18: no status stated
    ("evt_pakistan_on_iran", "presumed_civilians_killed_best", 4),  # 18: the children
    ("evt_pakistan_on_iran", "from_date", "2024-01-19"),  # 18: as this source prints it
]


@pytest.mark.parametrize(("event_id", "column", "figure"), HEADLINES)
def test_headlines_of_the_article(event_id: str, column: str, figure: object, built: Copy) -> None:
    """The views give what the article tells, no more and no less."""
    with strike_ledger.connect(built.database) as connection:
        (found,) = connection.execute(
            f"select {column} from civilian_harm_by_strike where event_id = ?", [event_id]
        ).fetchone()
    assert (str(found) if column == "from_date" else found) == figure
