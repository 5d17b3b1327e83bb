"""The same models over other rows: the target bulk, the var episodes, and strikes in context."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from conftest import Copy
from synthetic import generate

from strike_ledger.declarations import MARTS, PROJECT, RECORD, REPORTS, tables

N_EVENTS = 200
CURATED, SYNTHETIC = "epi_january_strikes", "epi_synthetic"
BUILD = ["--quiet", "build", "--target", "bulk", "--exclude-resource-type", "unit_test"]


@pytest.fixture(scope="module")
def imports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a synthetic record of some hundred events."""
    folder = tmp_path_factory.mktemp("synthetic")
    written = generate(N_EVENTS, folder)
    assert written["events"] == N_EVENTS
    return folder


def _build(built: Copy, imports: Path, *runs: tuple[str, dict]) -> list[tuple[Path, str, str]]:
    """Build the target bulk under names, with vars: give each file, what dbt says, 0 if done."""
    folder = imports.parent
    files = [folder / f"{name}.duckdb" for name, _ in runs]
    told = built.dbt(
        *(
            (
                {"STRIKE_LEDGER_BULK": str(file)},
                [*BUILD, "--vars", json.dumps({"imports": str(imports)} | chosen)],
            )
            for file, (_, chosen) in zip(files, runs, strict=True)
        ),
        DBT_TARGET_PATH=str(folder / "target"),
        DBT_LOG_PATH=str(folder / "logs"),
    )
    return [(file, *said) for file, said in zip(files, told, strict=True)]


@pytest.fixture(scope="module")
def bulk(built: Copy, imports: Path) -> dict[str, Path]:
    """Build over both records, and over each alone; dbt's tests pass in each."""
    runs = {"both": [], "curated": [CURATED], "synthetic": [SYNTHETIC]}
    done = _build(built, imports, *((name, {"episodes": runs[name]}) for name in runs))
    for _, said, state in done:
        assert state == "0", said
    return {name: file for name, (file, _, _) in zip(runs, done, strict=True)}


@pytest.fixture
def connection(bulk: dict[str, Path]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the database of both records."""
    with duckdb.connect(str(bulk["both"]), read_only=True) as opened:
        yield opened


def test_the_generator_gives_the_same_rows_again(imports: Path, tmp_path: Path) -> None:
    """A figure of the benchmark is worth little if nobody else can draw its rows."""
    generate(N_EVENTS, tmp_path / "again")
    for table in tables(RECORD):
        one, other = (
            duckdb.sql(f"select * from '{folder}/{table}/*/*.parquet'").fetchall()
            for folder in (imports, tmp_path / "again")
        )
        assert sorted(map(repr, one)) == sorted(map(repr, other))


def test_every_row_of_both_records_is_there(
    connection: duckdb.DuckDBPyConnection, built: Copy
) -> None:
    """What was imported stands beside the record, and neither takes the other's place."""
    with duckdb.connect(str(built.database), read_only=True) as curated:
        for mart in ("fct_events", "fct_statements", "fct_casualties", "fct_responses"):
            count = f"select count(*) from marts.{mart}"
            key = tables(MARTS)[mart].primary_key[0]
            ((n_drawn,),) = connection.execute(f"{count} where {key} like '%_syn_%'").fetchall()
            ((n_all,),) = connection.execute(count).fetchall()
            ((n_curated,),) = curated.execute(count).fetchall()
            assert n_all == n_curated + n_drawn
            assert n_drawn >= N_EVENTS


def test_the_record_alone_is_the_record(bulk: dict[str, Path], built: Copy) -> None:
    """With its own episode chosen, each view of the record is what `make build` makes of it.

    Attacks join the strikes where datasets are read, since these do not tell the weapon.
    """
    with (
        duckdb.connect(str(built.database), read_only=True) as plain,
        duckdb.connect(str(bulk["curated"]), read_only=True) as chosen,
    ):
        for view in ("casualty_reports", "disputed_facts", "reaction_matrix", "dyad_timeline"):
            rows = [
                sorted(map(repr, opened.execute(f"select * from {view}").fetchall()))
                for opened in (plain, chosen)
            ]
            assert rows[0] == rows[1]
            assert rows[0]
        harm = "select * from civilian_harm_by_strike"
        strikes = [row[0] for row in plain.execute(harm).fetchall()]
        assert {row for row in chosen.execute(harm).fetchall() if row[0] in strikes} == set(
            plain.execute(harm).fetchall()
        )


def test_an_episode_alone_leaves_the_others_out(bulk: dict[str, Path]) -> None:
    """Where one episode is chosen, no event, statement or act of another is left."""
    with duckdb.connect(str(bulk["synthetic"]), read_only=True) as opened:
        for mart in ("fct_events", "fct_statements", "fct_propositions", "fct_responses"):
            found = opened.execute(f"select distinct episode_id from marts.{mart}").fetchall()
            assert found == [(SYNTHETIC,)]
        ((episodes_read,),) = opened.execute("select episodes_read from about").fetchall()
        assert episodes_read == SYNTHETIC


def test_a_report_over_many_rows_is_a_table(connection: duckdb.DuckDBPyConnection) -> None:
    """A view would be worked out anew for each question."""
    kinds = connection.execute(
        "select table_name, table_type from information_schema.tables where table_schema = 'main'"
    ).fetchall()
    assert set(kinds) == {(name, "BASE TABLE") for name in [*tables(REPORTS), "strike_in_context"]}


def test_no_key_is_enforced_there(connection: duckdb.DuckDBPyConnection) -> None:
    """Enforcing them takes longer than all the rest; dbt asks for them by query instead."""
    assert connection.execute("select * from duckdb_constraints()").fetchall() == []


def test_the_unit_test_of_a_view_in_context_passes(
    built: Copy, imports: Path, bulk: dict[str, Path]
) -> None:
    """The model is there only where something was imported, and so is its unit test."""
    asked = ["test", "--target", "bulk", "--select", "strike_in_context,test_type:unit"]
    ((said, state),) = built.dbt(
        (
            {"STRIKE_LEDGER_BULK": str(bulk["both"])},
            [*asked, "--vars", json.dumps({"imports": str(imports)})],
        ),
        DBT_TARGET_PATH=str(imports.parent / "unit"),
        DBT_LOG_PATH=str(imports.parent / "unit"),
    )
    assert state == "0", said
    assert "PASS=1 " in said


SPOILT = {
    "fct_events has its key twice": "insert into marts.fct_events from marts.fct_events limit 1",
    "fct_event_actors.actor_id leads nowhere": (
        "update marts.fct_event_actors set actor_id = 'act_of_nobody' where event_id = 'evt_syn_7'"
    ),
    "fct_claims.stance is lacking": (
        "update marts.fct_claims set stance = null where target_id = 'prp_syn_7'"
    ),
}


@pytest.mark.parametrize("problem", SPOILT)
def test_a_broken_key_is_told(problem: str, bulk: dict[str, Path], tmp_path: Path) -> None:
    """A key that does not hold is a row that the test brings back, which fails the build."""
    mart = problem.partition(".")[0].partition(" ")[0]
    (asked,) = bulk["both"].parent.glob(f"target/compiled/*/models/marts/{mart}.yml/keys_hold_*")
    sql = asked.read_text(encoding="utf-8")
    database = tmp_path / "synthetic.duckdb"  # the last that was built: its name stands in the SQL
    shutil.copy(bulk["both"], database)
    with duckdb.connect(str(database)) as opened:
        assert opened.execute(sql).fetchall() == []
        opened.execute(SPOILT[problem])
        assert {found for found, _ in opened.execute(sql).fetchall()} == {problem}


def test_every_mart_is_asked_for_its_keys() -> None:
    """A mart without the test would be built without keys and nobody would ask for them."""
    for mart in tables(MARTS):
        declared = (PROJECT / MARTS / f"{mart}.yml").read_text(encoding="utf-8")
        assert "\n    data_tests: [keys_hold]\n" in declared, mart
