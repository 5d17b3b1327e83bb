"""The notebooks: they run, and what they draw and answer is what the database says.

They run on a copy of the database in which some cells differ from the record, so that an answer
typed in would be noticed, and with the network shut.
"""

import re
import runpy
import socket
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import nbformat
import pytest
import vl_convert
from conftest import Copy
from nbclient import NotebookClient

from strike_ledger.declarations import PROJECT

JUPYTER = PROJECT / "notebooks/strikes.ipynb"
MARIMO = PROJECT / "notebooks/strikes.py"
CHANGED = {
    "civilian_harm_by_strike": [
        "killed_best = null, killed_best_witnesses = null where event_id = 'evt_iran_on_erbil'",
        "killed_high = 12, killed_best_witnesses = 33 where event_id = 'evt_pakistan_on_iran'",
    ],
    "toll_over_time": [
        "best = 8, low = 8, high = 8, said_from_date = null where claimant = 'Human Rights Watch'",
        "best = null, high = null where claimant = 'Ahmad Vahidi'",
    ],
    "reaction_matrix": ["n_acts = 77 where responder = 'Ireland' and response_kind = 'visit'"],
    "reactions_by_country": [
        "reaction = 'none_recorded', kinds = null where responder = 'Ireland'",
        "kinds = 'condemn', latency_hours_high = null, latency_hours_low = null "
        "where responder = 'Turkey'",
    ],
    "disputed_facts": ["dispute_state = 'withdrawn' where topic = 'launch_site'"],
    "targets_stated_and_reported": [
        "targets_turned_down = 'One (Somebody); Two (Nobody)' where event_id = 'evt_iran_on_idlib'"
    ],
}
# No name of a host is looked up; the kernel itself is spoken to by an address of this machine.
SHUT = """
import socket

def refuse(host, *_, **__):
    raise OSError(f"a notebook asked for {host}, and the test shuts the network")

socket.getaddrinfo = refuse
"""
WHICH = "event_id in (select event_id from civilian_harm_by_strike) and outcome = 'killed'"
STATES = "responder_kind in ('state', 'autonomous_region', 'body_of_states')"


@pytest.fixture(scope="module")
def database(built: Copy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a database that differs in places, which the notebooks find, with the network shut."""
    folder = tmp_path_factory.mktemp("notebooks")
    path = folder / "other.duckdb"
    path.write_bytes(built.database.read_bytes())
    with duckdb.connect(str(path)) as connection:
        for view, changes in CHANGED.items():
            connection.execute(f"create table marts.kept as from main.{view}")
            connection.execute(f"drop view main.{view}")
            connection.execute(f"create table main.{view} as from marts.kept")
            connection.execute("drop table marts.kept")
            for change in changes:
                connection.execute(f"update main.{view} set {change}")
    (folder / "sitecustomize.py").write_text(SHUT, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", socket.getaddrinfo)
        runpy.run_path(str(folder / "sitecustomize.py"))
        patch.setenv("STRIKE_LEDGER_DATABASE", str(path))
        patch.setenv("PYTHONPATH", f"{folder}:{PROJECT}")
        yield path


def _rows(database: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(query).fetchall()


def _marks(svg: str, name: str) -> list[str]:
    """Give what the marks say of themselves that show a column: all but axes and legends."""
    told = re.findall(r'aria-label="([^"]*)"[^>]*aria-roledescription="(?!axis|legend)', svg)
    return [label for label in told if label.startswith(f"{name}: ")]


def _figures(svg: str, name: str) -> Counter:
    """Give the numbers that the marks of a column stand at, as often as they do."""
    return Counter(int(label.split(": ")[1].partition(";")[0]) for label in _marks(svg, name))


def test_jupyter_is_committed_without_output() -> None:
    """Output, execution counts and settings of an editor are noise in a review, and go stale."""
    notebook = nbformat.read(JUPYTER, as_version=4)
    nbformat.validate(notebook)
    assert set(notebook.metadata) == {"kernelspec"}
    assert set(notebook.metadata.kernelspec) == {"display_name", "language", "name"}
    for cell in notebook.cells:
        assert cell.metadata == {}, cell.id
        assert cell.get("execution_count") is None, cell.id
        assert cell.get("outputs", []) == [], cell.id
    assert nbformat.writes(notebook) + "\n" == JUPYTER.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def executed(database: Path) -> dict[str, list[Any]]:
    """Execute the Jupyter notebook and give the outputs of each cell by its id."""
    assert database.is_file()
    notebook = nbformat.read(JUPYTER, as_version=4)
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    return {cell.id: cell.outputs for cell in notebook.cells if cell.cell_type == "code"}


def _text(outputs: list[Any]) -> str:
    return "".join(output.text for output in outputs if output.output_type == "stream")


def _svg(outputs: list[Any]) -> str:
    (svg,) = [o.data["image/svg+xml"] for o in outputs if "image/svg+xml" in o.get("data", {})]
    assert not re.search(r"(href|src)=\"(?!data:|#)", svg)
    return svg


def test_jupyter_warns_of_nothing(executed: dict[str, list[Any]]) -> None:
    """Who copies the code copies no warning with it."""
    told = [o.text for outputs in executed.values() for o in outputs if o.get("name") == "stderr"]
    assert told == []


def test_jupyter_draws_every_report(executed: dict[str, list[Any]], database: Path) -> None:
    """Ranges and toll show each figure once where it belongs, and nothing where none is known."""
    ranges = _svg(executed["ranges"])
    figures = Counter(
        dict(_rows(database, f"select best, count(*) from toll_over_time where {WHICH} "
                             "and best is not null group by best"))
    )  # fmt: skip
    assert _figures(ranges, "best") == figures
    bars = {
        tuple(map(int, re.findall(r"killed: (\d+);.*killed_high: (\d+)", label)[0]))
        for label in _marks(ranges, "people killed")
    }
    assert bars == set(
        _rows(
            database,
            "select distinct killed_low, killed_high from civilian_harm_by_strike "
            "where killed_high is not null",
        )
    )
    best = "select killed_best, count(*) from civilian_harm_by_strike where killed_best is not null"
    assert _figures(ranges, "killed_best") == Counter(dict(_rows(database, f"{best} group by 1")))
    unknown = _rows(database, "select event from civilian_harm_by_strike where killed_low is null")
    for (event,) in unknown:
        told = re.findall(f'event: {event}[^"]*" role="[^"]*" aria-roledescription="(.*?)"', ranges)
        assert told == ["text mark"], event
    assert ranges.count(">nothing recorded<") == len(unknown) > 0
    without = f"select count(*) from toll_over_time where {WHICH} and best is null group by event"
    told = re.findall(r">\+ (\d+) without a figure<", ranges)
    assert sorted(map(int, told)) == sorted(n for (n,) in _rows(database, without))

    ((dated, killed, vague, undated),) = _rows(
        database,
        "select count(*) filter (best is not null and said_from_date is not null), count(*), "
        "count(*) filter (best is null), "
        "count(*) filter (best is not null and said_from_date is null) "
        f"from toll_over_time where {WHICH}",
    )
    toll = _svg(executed["toll"])
    assert f">{dated} of {killed} reports; {vague} give no figure, {undated} more no day<" in toll
    points = [label for label in _marks(toll, "said on") if "claimant" in label]
    assert len(points) == dated


def _acts(svg: str) -> Counter:
    """Give responder, kind and number of the acts that a matrix shows in figures."""
    found = Counter()
    for label in _marks(svg, "response_kind_label"):
        cells = dict(part.split(": ", 1) for part in label.split("; "))
        if "n_acts" in cells:
            found[cells["responder"], cells["response_kind_label"], int(cells["n_acts"])] += 1
    return found


def _recorded_acts(database: Path, which: str) -> Counter:
    query = "select responder, response_kind_label, n_acts from reaction_matrix"
    return Counter(_rows(database, f"{query} where n_acts > 0 and {which}"))


def test_jupyter_draws_the_matrix(executed: dict[str, list[Any]], database: Path) -> None:
    """Each recorded kind of act of a state has its number, and silence is an empty square."""
    svg = _svg(executed["matrix"])
    acts = _recorded_acts(database, STATES)
    assert _acts(svg) == acts
    ((n_squares,),) = _rows(database, f"select count(*) from reaction_matrix where {STATES}")
    assert len(_marks(svg, "response_kind_label")) == n_squares + 2 * len(acts)


def test_jupyter_answers(executed: dict[str, list[Any]], database: Path) -> None:
    """The sentences of the three answers say what SQL says, and unknown where it has no value."""
    killed = set(_text(executed["answer-killed"]).splitlines())
    told = {
        (
            f"{event}: unknown, {harm.replace('_', ' ')}."
            if low is None
            else f"{event}: best {best} (witnesses: {n}), low {low}, high {high}; graded {grade}."
        ).replace("None", "unknown")
        for event, low, best, high, n, grade, harm in _rows(
            database,
            "select event, killed_low, killed_best, killed_high, killed_best_witnesses, "
            "killed_grade, harm_recorded from civilian_harm_by_strike",
        )
    }
    assert killed == told
    assert any("best unknown (witnesses: unknown)" in line for line in told)

    condemned = _text(executed["answer-condemned"]).splitlines()
    expected = _rows(
        database,
        "select concat(event, ': condemned by ', count(*), ': ', "
        "string_agg(responder, ', ' order by responder), '.') from reactions_by_country "
        "where list_contains(string_split(kinds, '; '), 'condemn') group by event "
        "union all select concat(event, ': ', replace(reaction, '_', ' '), ' of ', responder, "
        "' (', reaction_role, ').') from reactions_by_country where reaction <> 'recorded'",
    )
    assert sorted(condemned) == sorted(line for (line,) in expected)

    disputed = _text(executed["answer-disputed"])
    ((n,),) = _rows(database, "select count(*) from disputed_facts")
    states = _rows(database, "select dispute_state, count(*) from disputed_facts group by 1")
    counts = disputed.splitlines()[0]
    assert counts.startswith(f"{n} disputes: ")
    assert sorted(counts.partition(": ")[2].split(", ")) == sorted(f"{k} {s}" for s, k in states)
    told_apart = "select leading_position from disputed_facts where dispute_state <> 'open'"
    for (position,) in _rows(database, told_apart):
        assert position in disputed


@pytest.fixture(scope="module")
def app(database: Path) -> SimpleNamespace:
    """Run the marimo notebook as a script would, and give it with what its cells define."""
    assert database.is_file()
    marimo = runpy.run_path(str(MARIMO))["app"]
    _, defined = marimo.run()
    return SimpleNamespace(run=marimo.run, defined=defined)


LOADED = ("harm", "matrix", "reactions", "reports", "targets", "timeline", "toll")


@pytest.fixture(scope="module")
def choices(app: SimpleNamespace, database: Path) -> list[SimpleNamespace]:
    """Choose every strike and every kind of responder once, and give what the cells make of it.

    The views, which no choice touches, are not loaded anew.
    """
    strikes = [e for (e,) in _rows(database, "select event_id from civilian_harm_by_strike")]
    kinds = [k for (k,) in _rows(database, "select distinct responder_kind from reaction_matrix")]
    assert sorted(app.defined["strikes"].values()) == sorted(strikes)
    assert app.defined["responder_kinds"] == sorted(kinds)
    loaded = {name: app.defined[name] for name in LOADED}
    chosen = []
    for n in range(max(len(strikes), len(kinds))):
        strike, kind = strikes[n % len(strikes)], kinds[n % len(kinds)]
        given = {"strike": SimpleNamespace(value=strike), "strikes": None}
        given |= {"responder_kind": SimpleNamespace(value=kind), "responder_kinds": None}
        _, defined = app.run(defs=loaded | given)
        chosen.append(SimpleNamespace(**{**defined, "strike": strike, "kind": kind}))
    return chosen


def _drawn(chart: Any) -> str:
    return vl_convert.vegalite_to_svg(chart.to_dict())


def test_marimo_draws_every_report(choices: list[SimpleNamespace], database: Path) -> None:
    """Each figure has a mark, "at least" an arrow beside it, and no figure its words instead."""
    for chosen in choices:
        svg = _drawn(chosen.ranges)
        toll = f"from toll_over_time where outcome = 'killed' and event_id = '{chosen.strike}'"
        given = _rows(database, f"select best, count(*) {toll} and best is not null group by 1")
        least = _rows(
            database,
            f"select best, count(*) {toll} and best is not null and high is null group by 1",
        )
        assert _figures(svg, "best") == Counter(dict(given)) + Counter(dict(least))
        assert svg.count(">\N{RIGHTWARDS ARROW}<") == sum(n for _, n in least)
        ((vague,),) = _rows(database, f"select count(*) {toll} and best is null")
        assert svg.count(">no figure<") == vague


def test_marimo_draws_the_matrix(choices: list[SimpleNamespace], database: Path) -> None:
    """Whichever kind of responder is chosen, its recorded acts stand in figures."""
    for chosen in choices:
        acts = _acts(_drawn(chosen.reaction_squares))
        assert acts == _recorded_acts(database, f"responder_kind = '{chosen.kind}'")


def test_marimo_answers(choices: list[SimpleNamespace], database: Path) -> None:
    """Whichever strike is chosen, the three answers say what SQL says."""
    for chosen in choices:
        this = f"event_id = '{chosen.strike}'"
        figures = _rows(
            database,
            "select coalesce(toll.best::varchar, 'no figure') || case when status in ('civilian', "
            "'not_stated') then '' else ' (of armed forces or groups alone)' end as figure, "
            "concat(figure, ': ', count(distinct toll.witness), ' (', "
            "string_agg(distinct toll.witness, ', ' order by toll.witness), ')') "
            "from (from toll_over_time where outcome = 'killed' and report_use = 'total') as toll "
            "inner join casualty_reports as reports using (casualty_id) "
            f"where toll.{this} and toll.witness is not null group by figure",
        )
        ((best,),) = _rows(
            database,
            "select coalesce(killed_best::varchar, 'unknown') from civilian_harm_by_strike "
            f"where {this}",
        )
        assert sorted(chosen.answer_figures[:-1]) == sorted(line for _, line in figures)
        assert chosen.answer_figures[-1] == f"The best figure of the killed is {best}."

        speed = _rows(
            database,
            "select case when latency_hours_low is null then 'unknown' "
            "when latency_hours_high <= 48 then 'yes' when latency_hours_low > 48 then 'no' "
            "else 'cannot be told' end as told, concat(told, ': ', count(*), ' (', "
            "string_agg(responder, ', ' order by responder), ')') "
            f"from reactions_by_country where {this} group by told order by told",
        )
        assert chosen.answer_speed == [line for _, line in speed]

        (targets,) = _rows(
            database,
            "select targets_stated_by_attacker, targets_stated_by_others, targets_turned_down "
            f"from targets_stated_and_reported where {this}",
        )
        assert list(chosen.answer_targets.values()) == [
            text.split("; ") if text else ["nothing recorded"] for text in targets
        ]


def test_marimo_draws_the_timeline(app: SimpleNamespace, database: Path) -> None:
    """Each event and response of the time has a mark, and the title counts the others."""
    ((drawn, others),) = _rows(
        database,
        "select count(*) filter (is_drawn), count(*) filter (is_drawn is not true) from (select "
        "from_date >= (select min(from_date) from civilian_harm_by_strike) - interval 31 day "
        "as is_drawn from timeline where item_kind <> 'statement')",
    )
    svg = _drawn(app.defined["when"])
    assert f">{drawn} drawn, {others} earlier or without a day<" in svg
    assert len(_marks(svg, "day")) == drawn
