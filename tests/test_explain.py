"""An explanation is complete and true: what it lists as used gives the estimate, and no more."""

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from click.testing import CliRunner
from conftest import Copy

import strike_ledger
from strike_ledger.cli import main
from strike_ledger.declarations import MARTS, PROJECT, RECORD, REPORTS, VOCABULARY
from strike_ledger.explain import (
    _HEADING,
    _ONLY_COUNTED,
    _RULE,
    INTERMEDIATE,
    Explanation,
    _gives,
    _why_best,
    _why_high,
    _why_low,
    explain,
    measures,
)
from strike_ledger.reading import SCHEMAS

USED = {"figure", "no_figure", "some_only"}
OPPOSING = {"doubts", "denies", "rejects"}


@pytest.fixture(scope="module")
def carried(built: Copy) -> Path:
    """Give a file with the release's own tables and the two that an explanation needs besides.

    It has no staging and no other intermediate table, and its rows stand in another order.
    """
    path = built.folder / "carried.duckdb"
    with duckdb.connect() as connection:
        connection.execute(f"attach '{path}' as other")
        connection.execute(f"attach '{built.database}' as built (read_only)")
        connection.execute("use built")
        found = connection.execute(
            "select table_schema, table_name from information_schema.tables "
            "where table_catalog = 'built' order by all"
        ).fetchall()
        schemas = {SCHEMAS[folder] for folder in (REPORTS, MARTS, RECORD, VOCABULARY)}
        for schema, name in found:
            if schema in schemas or name in INTERMEDIATE:
                connection.execute(f"create schema if not exists other.{schema}")
                connection.execute(
                    f"create table other.{schema}.{name} as "
                    f"from built.{schema}.{name} as row order by hash(row)"
                )
    return path


@pytest.fixture(scope="module")
def explained(carried: Path) -> dict[tuple[str, str], Explanation]:
    """Give the explanation of every strike and measure."""
    with strike_ledger.connect(carried) as connection:
        strikes = connection.sql("select event_id from civilian_harm_by_strike").fetchall()
    return {(e, m): explain(e, m, carried) for (e,) in strikes for m in measures()}


@pytest.fixture(scope="module")
def lowest(built: Copy, carried: Path) -> Path:
    """Give the same file as the rule `lowest` would have made it, by the macro's own words."""
    macro = (PROJECT / "macros/record.sql").read_text(encoding="utf-8")
    order = {
        rule: found
        for rule, found in re.findall(r"if rule == '(\w+)' -%}\s*(.*?)\s*{%-", macro, re.DOTALL)
    }
    assert set(order) == {"most_witnesses", "latest_official", "lowest"}
    compiled = built.folder / "target/compiled/strike_ledger/models/intermediate"
    estimates = (compiled / "int_harm_estimates.sql").read_text(encoding="utf-8")
    assert estimates.count(order["most_witnesses"]) == 1
    estimates = estimates.replace(order["most_witnesses"], order["lowest"])
    remade, path = built.folder / "remade.duckdb", built.folder / "carried_lowest.duckdb"
    shutil.copyfile(built.database, remade)
    shutil.copyfile(carried, path)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{remade}' as strike_ledger")
        connection.execute(f"attach '{path}' as other")
        connection.execute("use strike_ledger")
        connection.execute(
            f"create or replace table intermediate.int_harm_estimates as {estimates}"
        )
        connection.execute(
            "create or replace table other.main.civilian_harm_by_strike "
            "as from main.civilian_harm_by_strike"
        )
        connection.execute("update other.main.about set best_rule = 'lowest'")
    return path


def _range_of(explanation: Explanation, rule: str) -> tuple[int | None, ...]:
    """Work out low, best, high and the witnesses of best by RULES.md 15 to 17."""
    said: dict[str, tuple] = {}
    for row in explanation.as_data()["reports"]:
        if row["is_used"]:
            told = [row[f"statement_{name}"] for name in ("low", "figure", "high")]
            assert said.setdefault(row["statement_id"], (row["witness_id"], *told)) == (
                row["witness_id"],
                *told,
            )
    behind: dict[int, set[str]] = {}
    for witness, _, figure, _ in said.values():
        if figure is not None:
            behind.setdefault(figure, set()).update({witness} - {None})
    rank: dict[str, Callable] = {
        "most_witnesses": lambda figure: (-len(behind[figure]), figure),
        "lowest": lambda figure: figure,
    }
    best = min(behind, key=rank[rule], default=None)
    lows = [low for _, low, figure, _ in said.values() if figure is not None or not behind]
    low = min((least for least in lows if least is not None), default=None)
    if low is not None and best is not None:
        low = min(low, best)
    high = max((most for *_, most in said.values() if most is not None), default=None)
    leasts = [least for _, least, _, _ in said.values() if least is not None]
    if high is not None and max([*leasts, -1 if best is None else best]) > high:
        high = None
    return low, best, high, len(behind[best]) if behind else None


def _grade_of(explanation: Explanation) -> str | None:
    """Work out the grade by RULES.md 19."""
    data = explanation.as_data()
    rows = data["reports"]
    in_group = [row for row in rows if row["use"] in USED | {"second_hand"}]
    testimony = [
        (
            row["witness_id"],
            row["is_word_of_attacker"],
            ((row["statement_low"] if best is None else best) or 0) > 0,
            row["statement_high"] == 0,
        )
        for row in in_group
        for best in [row["statement_best"]]
    ]
    words = {row["casualty_id"]: row for row in rows}
    for stance in data["stances"]:
        of_nobody = words[stance["casualty_id"]]["best"] == 0
        opposes = stance["stance"] in OPPOSING
        tells = not of_nobody and stance["stance"] in {"asserts", "endorses", "concedes"}
        denies = opposes and not of_nobody
        if of_nobody and not opposes and stance["stance"] != "no_position":
            denies = words[stance["casualty_id"]]["high"] == 0
        assert (stance["tells_of_harm"], stance["denies_harm"]) == (tells, denies)
        testimony.append((stance["witness_id"], stance["is_word_of_attacker"], tells, denies))
    if not testimony:
        own = [r for r in rows if r["outcome"] == "killed" and r["use"] != "several_events"]
        set_aside = {"withdrawn", "superseded", "misprint"}
        is_everyone = explanation.measure in ("killed", "injured")
        return (
            "discounted" if own and is_everyone and {r["use"] for r in own} <= set_aside else None
        )
    if not any(tells for *_, tells, _ in testimony):
        return "discounted"
    if any(denies and witness for witness, _, _, denies in testimony):
        return "contested"
    telling = {witness for witness, _, tells, _ in testimony if tells and witness}
    if len(telling) > 1:
        attacker = any(is_attacker and tells for _, is_attacker, tells, _ in testimony)
        return "confirmed" if attacker else "fair"
    return "weak"


def test_what_is_used_gives_the_estimate(
    explained: dict[tuple[str, str], Explanation], built: Copy
) -> None:
    """From what is listed as used follow low, best, high, grade and witnesses of every view cell.

    So nothing that counts is missing from an explanation, and nothing is in it that does not.
    """
    with strike_ledger.connect(built.database) as connection:
        harm = connection.sql("from civilian_harm_by_strike").df().set_index("event_id")
        witnesses = {
            tuple(key): told
            for *key, told in connection.execute(
                "select event_id, outcome, victim_group, (n_witnesses, n_witnesses_for_best) "
                "from intermediate.int_harm_estimates"
            ).fetchall()
        }
    assert {strike for strike, _ in explained} == set(harm.index)
    assert f"{measures()[-1]}_best" in harm.columns
    n_compared = 0
    for (event_id, measure), explanation in explained.items():
        row = harm.loc[event_id]
        expected = [row[f"{measure}_{name}"] for name in ("low", "best", "high", "grade")]
        expected = [None if pd.isna(value) else value for value in expected]
        low, best, high, n_for_best = _range_of(explanation, "most_witnesses")
        found = [low, best, high, _grade_of(explanation)]
        assert found == expected, (event_id, measure)
        headline = [getattr(explanation, name) for name in ("low", "best", "high", "grade")]
        assert headline == expected
        group, _, outcome = measure.rpartition("_")
        told = witnesses.get((event_id, outcome, group or "everyone"), (0, None))
        assert (explanation.n_witnesses, explanation.n_witnesses_for_best) == told
        assert explanation.n_witnesses_for_best == n_for_best
        if f"{measure}_best_witnesses" in row:
            shown = row[f"{measure}_best_witnesses"]
            assert n_for_best == (None if pd.isna(shown) else shown)
        n_compared += best is not None
    assert n_compared > 20


def test_every_report_is_listed_with_its_use(
    explained: dict[tuple[str, str], Explanation], carried: Path
) -> None:
    """No report of the strike and the outcome is missing, and each says why it is in or out."""
    with strike_ledger.connect(carried) as connection:
        rows = connection.sql("from casualty_reports").df().set_index("casualty_id")
        part_of = dict(
            connection.execute(
                "select event_id, part_of_id from marts.fct_events where part_of_id is not null"
            ).fetchall()
        )
    for (event_id, measure), explanation in explained.items():
        outcome = measure.rpartition("_")[2]
        of_outcome = rows[rows["outcome"].isin([outcome, "killed_or_injured"])]
        own = of_outcome[of_outcome["event_id"] == event_id]
        events = [event_id]
        while events[-1] in part_of:
            events.append(part_of[events[-1]])
        listed = explanation.reports.set_index("casualty_id")
        assert set(own.index) == set(listed.index[listed["event_id"] == event_id])
        assert set(of_outcome.index[of_outcome["event_id"].isin(events)]) == set(listed.index)
        assert listed.index.is_unique
        assert set(listed.loc[listed["event_id"] != event_id, "use"]) <= {"several_events"}
        assert (listed["is_used"] == listed["use"].isin(USED)).all()
        assert (listed["use"].eq("figure") == listed["statement_figure"].notna()).all()
        assert listed["why"].str.fullmatch(r".+ \(RULES\.md \d+\)\.").all()
        assert listed["source_urls"].str.startswith("http").all()
        for name in ("claimant", "wording", "passages"):
            assert (listed[name] == rows.loc[listed.index, name]).all()
        set_aside = listed[listed["use"].isin(["withdrawn", "superseded", "misprint"])]
        assert (set_aside["use"] == rows.loc[set_aside.index, "report_use"]).all()
        assert rows.loc[listed.index[listed["is_used"]], "is_used"].all()
        if measure == outcome:
            totals = own[(own["report_use"] == "total") & (own["outcome"] == outcome)]
            assert set(listed.loc[totals.index, "use"]) <= USED | {"second_hand"}


def test_a_statement_of_one_report_says_what_the_report_says(
    explained: dict[tuple[str, str], Explanation],
) -> None:
    """What is shown as counted is what was said, but for an upper bound or a figure that is lost.

    The bounds come from one view and the words from another; a mix-up of the two would show.
    """
    n_seen = 0
    for explanation in explained.values():
        used = [row for row in explanation.as_data()["reports"] if row["is_used"]]
        n_reports = Counter(row["statement_id"] for row in used)
        for row in used:
            if n_reports[row["statement_id"]] == 1:
                n_seen += 1
                assert row["statement_low"] == row["low"]
                assert row["statement_figure"] in (row["best"], None)
                assert row["statement_high"] in (row["high"], None)
    assert n_seen > 100


def _as_prose(tree: str) -> str:
    return " ".join(re.sub("[│├└─]", " ", tree).split())


def test_the_tree_shows_it_all_in_80_columns(
    explained: dict[tuple[str, str], Explanation],
) -> None:
    """Each report is told in plain text with its words and passages, but those merely counted.

    One figure is marked as best where there is one; unknown is written out, never as zero.
    """
    for (event_id, measure), explanation in explained.items():
        tree = str(explanation)
        assert max(map(len, tree.splitlines())) <= 80, (event_id, measure)
        assert "\x1b" not in tree
        prose = _as_prose(tree)
        reports = explanation.reports
        for row in reports[~reports["use"].isin(_ONLY_COUNTED)].to_dict("records"):
            assert f'"{" ".join(row["wording"].split())}"' in prose
            assert row["passages"] in prose
            assert row["claimant"] in prose
        kept, _, left_out = prose.partition(" Left out: ")
        for use, rows in reports[reports["use"] != "figure"].groupby("use_label"):
            place = kept if rows["is_used"].all() else left_out
            assert f"{use}: {len(rows)} report" in place
        if not reports["is_used"].any():
            assert "Nothing recorded of" in prose
            assert "unknown, not zero" in prose
            assert not re.search(r"\b(low|best|high) \d", prose)
            continue
        told = [
            f"{name} {'unknown' if value is None else value}"
            for name, value in zip(
                ("low", "best", "high"),
                (explanation.low, explanation.best, explanation.high),
                strict=True,
            )
        ]
        assert f"{', '.join(told)}; grade {explanation.grade}" in prose
        headings = re.findall(r"── (\d+: \d+ witness.*)$", tree, re.MULTILINE)
        assert headings == _headings(explanation)
        if explanation.best is not None:
            marked = f"{explanation.best}: {explanation.n_witnesses_for_best} witness"
            assert [h.startswith(marked) for h in headings if "best" in h] == [True]


def _headings(explanation: Explanation) -> list[str]:
    """Write the lines over the figures: witnesses, reports, and what of the range they give."""
    giving = explanation.reports.dropna(subset="statement_figure")
    lines = []
    for figure, rows in giving.groupby("statement_figure"):
        n_witnesses, n_reports = rows["witness_id"].nunique(), len(rows)
        line = f"{figure}: {n_witnesses} witness{'es' * (n_witnesses != 1)}, "
        line += f"{n_reports} report{'s' * (n_reports != 1)}"
        marks = ["low"] * (explanation.low in set(rows["statement_low"].dropna()))
        marks += ["best"] * (explanation.best in {figure})
        marks += ["high"] * (explanation.high in set(rows["statement_high"].dropna()))
        lines.append(f"{line} <- {', '.join(marks)}" if marks else line)
    return lines


def test_what_a_report_gives_is_marked(explained: dict[tuple[str, str], Explanation]) -> None:
    """A figure is best by what it says, not by its bounds; a vague word makes no low beside one."""
    estimate = replace(explained["evt_iran_on_erbil", "killed"], low=2, best=5, high=None)
    up_to = {"use": "figure", "statement_low": None, "statement_figure": 5, "statement_high": 5}
    vague = {"use": "no_figure", "statement_low": 2, "statement_figure": None}
    vague["statement_high"] = None
    assert _gives([up_to], estimate) == " <- best"
    assert _gives([vague], estimate) == ""
    assert _gives([vague], replace(estimate, best=None)) == " <- low"


def test_rows_in_another_order_give_the_same(
    explained: dict[tuple[str, str], Explanation], built: Copy
) -> None:
    """What is shown does not depend on how the file keeps its rows: views and shuffled tables."""
    key = ("evt_pakistan_on_iran", "killed")
    assert str(explain(*key, built.database)) == str(explained[key])


def test_the_rule_in_force_is_named(
    explained: dict[tuple[str, str], Explanation], lowest: Path
) -> None:
    """In a file made by another rule best is another figure, and the text tells that rule."""
    for measure in ("killed", "children_killed", "women_killed"):
        before = explained["evt_pakistan_on_iran", measure]
        explanation = explain("saravan", measure, lowest)
        found = (explanation.low, explanation.best, explanation.high)
        assert _range_of(explanation, "lowest") == (*found, explanation.n_witnesses_for_best)
        assert found[1] < before.best
        assert "best_rule most_witnesses" in before.why["best"]
        assert "The lowest of the figures (best_rule lowest" in explanation.why["best"]
        assert "<- low, best" in _as_prose(str(explanation))


def _used(*said: tuple) -> pd.DataFrame:
    """Give statements by claimant, low, figure and high, and by official or not and day."""
    columns = {
        "claimant": "string",
        "statement_low": "Int64",
        "statement_figure": "Int64",
        "statement_high": "Int64",
        "is_official": "boolean",
        "said_from_date": "datetime64[us]",
    }
    rows = [(*row, *[None] * (len(columns) - len(row))) for row in said]
    frame = pd.DataFrame(rows, columns=list(columns)).astype(columns)
    return frame.assign(witness_id=frame["claimant"])


DAYS = [("A", 7, 7, 7, True, "2024-01-17"), ("B", 9, 9, 9, True, "2024-01-19")]
ONE_DAY = [("A", 7, 7, 7, True, "2024-01-19"), DAYS[1]]
UNDATED = [("A", 7, 7, 7, False, "2024-01-19"), ("B", 9, 9, 9, True)]


@pytest.mark.parametrize(
    ("best", "rule", "said", "expected"),
    [
        (7, "most_witnesses", DAYS, "As many witnesses (1) give 7 and 9: among equals the lowest,"),
        (9, "latest_official", DAYS, "named, gave last, on 2024-01-19 (best_rule latest_official,"),
        (7, "latest_official", ONE_DAY, "on 2024-01-19; of those of that day the lowest"),
        (7, "latest_official", UNDATED, "lowest of the figures, since no official side gives a"),
        (7, "lowest", DAYS, "The lowest of the figures (best_rule lowest"),
        (None, "most_witnesses", [("A", 2)], "No report that counts gives a figure"),
    ],
)
def test_why_best(best: int | None, rule: str, said: list[tuple], expected: str) -> None:
    """Each way in which RULES.md 15 chooses has its own words."""
    reason = _why_best(best, _used(*said), rule)
    assert expected in reason
    assert re.search(r"RULES\.md 1[57]\)\.$", reason)


@pytest.mark.parametrize(
    ("why", "bound", "best", "said", "expected"),
    [
        (_why_low, 5, 5, [("A", 9, 9, 9), ("B", None, 5, 5)], "best itself, since the least lower"),
        (_why_low, 4, 4, [("A", 4, 4, 4)], "The least lower bound of the reports with"),
        (_why_low, 5, 9, [("A", 5, 9, 9), ("B", 2)], "The least lower bound of the reports with"),
        (_why_low, None, 30, [("A", None, 30, 30), ("B", 2)], "No report with a figure gives a"),
        (_why_low, 2, None, [("A", 2)], "The least of the reports without a figure"),
        (_why_low, None, None, [("A",)], "Nobody gives a least"),
        (_why_high, 9, 9, [("A", 9, 9, 9)], "The greatest upper bound of the reports that count"),
        (_why_high, None, 4, [("A", 4, 4)], "Nobody bounds it from above"),
        (_why_high, None, 4, [("A", 4, 4, 4), ("B", 10, 10)], "told by B (10) is above every"),
        (_why_high, None, 0, [("A", 0, 0, 0), ("B", 2)], "told by B (2) is above every upper"),
        (_why_high, None, 5, [("A", None, 5), ("B", 2, 2, 2)], "best, 5, is above the greatest"),
    ],
)
def test_why_low_and_high(
    why: Callable[..., str], bound: int | None, best: int | None, said: list[tuple], expected: str
) -> None:
    """Each way in which RULES.md 16 and 17 make a bound, or leave it unknown, has its own words."""
    reason = why(bound, best, _used(*said))
    assert expected in reason
    assert re.search(r"RULES\.md 1[67]\)\.$", reason)


def test_the_rules_named_are_those_meant() -> None:
    """The numbers lead to the rules of RULES.md that speak of the reason, under its heading."""
    rules = (PROJECT / "RULES.md").read_text(encoding="utf-8")
    text = {int(n): rule for n, rule in re.findall(r"^(\d+)\. (.*)$", rules, re.MULTILINE)}
    words = {
        "figure": "**best** is the figure",
        "no_figure": "**without a figure**",
        "some_only": "alone gives everyone a lower bound",
        "second_hand": "**Second hand**",
        "misprint": "**misprint**",
        "withdrawn": "**withdrawn**",
        "superseded": "**superseded**",
        "several_events": "**several events**",
        "no_estimate": "A figure for both together",
        "part": "**part**",
        "within": "A part directly within a part of the same group is already counted",
        "other_group": "A report is in a group only by its own words",
    }
    assert set(words) == set(_RULE)
    for use, number in _RULE.items():
        assert words[use] in text[number], use
    for number, rule in {16: "**low** and **high**", 19: "**confirmed**", 12: "one by one"}.items():
        assert rule in text[number]
    section = rules.split(f"## {_HEADING}")[1].split("\n## ")[0]
    assert [n in section for n in ("\n15. ", "\n16. ", "\n17. ")] == [True] * 3


def test_saravan_in_words(carried: Path) -> None:
    """A superseded report names its update, a denied one who denies it, a part its whole."""
    tree = _as_prose(str(explain("saravan", "killed", carried)))
    assert tree.startswith("Pakistani airstrikes on Saravan: people killed")
    assert 'Updated by Alireza Marhamati, 2024-01-18: "toll to 9".' in tree
    assert "Among them the attacker: Pakistan" in tree
    forces = _as_prose(str(explain("saravan", "forces_killed", carried)))
    assert "Who is meant: Said to be police" in forces
    assert re.search(r"Rehan\), [-\d to]+: denies what Pakistan", forces)
    children = _as_prose(str(explain("saravan", "children_killed", carried)))
    assert (
        'Iran (Ahmad Vahidi), 2024-01-18: "four children" (part of "nine foreigners")' in children
    )


def test_a_stance_taken_back_weighs_nothing(carried: Path, tmp_path: Path) -> None:
    """Who has withdrawn a doubt, or is no witness, does not stand against a report."""
    changed = tmp_path / carried.name
    shutil.copyfile(carried, changed)
    asked = ("erbil", "children_killed")
    assert explain(*asked, carried).stances["denies_harm"].tolist() == [True]
    for change in (
        "withdrawn_date = date '2024-02-01'",
        "withdrawn_date = null, witness_id = null",
    ):
        with duckdb.connect(str(changed)) as connection:
            connection.execute(f"update marts.fct_claims set {change} where stance = 'doubts'")
        assert explain(*asked, changed).stances.empty


def test_names(carried: Path) -> None:
    """A part of a name is enough where one strike has it; else the strikes are listed."""
    for name in ("Erbil", "ERBIL ", "evt_iran_on_erbil", "Iranian missile strike on Erbil"):
        assert explain(name, database=carried).event_id == "evt_iran_on_erbil"
    with pytest.raises(ValueError, match="may be any of these") as ambiguous:
        explain("missile", database=carried)
    listed = re.findall(r"evt_\w+", str(ambiguous.value))
    assert listed == ["evt_iran_on_erbil", "evt_iran_on_idlib", "evt_iran_on_pakistan"]
    for unknown in ("ebril", "", "evt_kerman_attack"):
        with pytest.raises(ValueError, match=f"there is no strike '{unknown}'") as error:
            explain(unknown, database=carried)
        assert "evt_pakistan_on_iran  Pakistani airstrikes on Saravan" in str(error.value)
    with pytest.raises(ValueError, match="Did you mean 'Erbil'"):
        explain("ebril", database=carried)
    with pytest.raises(ValueError, match="Did you mean 'children_killed'") as error:
        explain("erbil", "child_killed", carried)
    assert all(measure in str(error.value) for measure in measures())


def test_a_file_without_what_is_needed_is_told(carried: Path, tmp_path: Path) -> None:
    """A file without the two intermediate tables, or none at all, is a plain error."""
    bare = tmp_path / "bare.duckdb"
    shutil.copyfile(carried, bare)
    with duckdb.connect(str(bare)) as connection:
        connection.execute(f"drop table intermediate.{INTERMEDIATE[1]}")
    with pytest.raises(FileNotFoundError, match=f"has no intermediate.{INTERMEDIATE[1]}, which"):
        explain("erbil", database=bare)
    with pytest.raises(FileNotFoundError, match="make build"):
        explain("erbil", database=tmp_path / "nothing.duckdb")


def test_the_command(carried: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command prints the tree, or the same as JSON; a wrong name is a usage error."""
    monkeypatch.setenv("STRIKE_LEDGER_DATABASE", str(carried))
    monkeypatch.setenv("COLUMNS", "80")

    def run(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["explain", *arguments])
        return done.exit_code, done.output

    explanation = explain("erbil", "children_killed", carried)
    status, tree = run("erbil", "children_killed")
    assert status == 0
    assert [line.rstrip() for line in tree.splitlines()] == str(explanation).splitlines()
    status, text = run("erbil", "children_killed", "--json")
    assert status == 0
    assert json.loads(text) == json.loads(json.dumps(explanation.as_data()))
    assert json.loads(text)["high"] is None
    assert json.loads(text)["best"] == explanation.best
    assert run("idlib", "--database", str(carried))[1].startswith("Iranian missile strike on Idlib")
    for wrong in (("iran",), ("erbil", "wounded")):
        status, told = run(*wrong)
        assert status == 2
        assert "Traceback" not in told
        assert ("evt_iran_on_idlib" if len(wrong) == 1 else "foreign_nationals_killed") in told
    told = run("--help")[1]
    assert "\n    the reports left out, by the reason\n" in told
    assert "\\b" not in told
    monkeypatch.setenv("STRIKE_LEDGER_DATABASE", str(carried) + ".gone")
    assert run("erbil")[0] == 1


def test_from_python_and_in_a_notebook(carried: Path) -> None:
    """The package offers it, and a notebook shows the tree with its brackets escaped."""
    explanation = strike_ledger.explain("idlib", database=carried)
    assert (explanation.low, explanation.best, explanation.high) == (0, 0, 0)
    assert "&lt;- low, best, high" in explanation._repr_html_()
