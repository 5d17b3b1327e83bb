"""Reading from Python: what comes out is typed, checked and sorted."""

from pathlib import Path

import duckdb
import pandas as pd
import pandera.errors
import pytest
from conftest import Copy

import strike_ledger
from strike_ledger.checks import schema_of
from strike_ledger.declarations import MARTS, REPORTS, tables

NAMES = [*tables(REPORTS), *tables(MARTS)]


@pytest.mark.parametrize("name", NAMES)
def test_every_view_passes_its_schema(name: str, built: Copy) -> None:
    """Each view leaves as declared, with at least a row, sorted by its key."""
    frame = strike_ledger.load(name, built.database)
    folder = REPORTS if name in tables(REPORTS) else MARTS
    table = tables(folder)[name]
    assert list(frame.columns) == table.column_names
    assert len(frame) > 0
    assert not frame.duplicated(list(table.primary_key)).any()


def test_unknown_is_na_and_not_zero(built: Copy) -> None:
    """Where nothing is recorded the figures are NA in the frame, and a reported zero is 0."""
    harm = strike_ledger.load("civilian_harm_by_strike", built.database).set_index("event_id")
    elsewhere = harm.loc["evt_iran_on_other_parts_of_syria"]
    assert elsewhere["harm_recorded"] == "nothing_recorded"
    assert pd.isna(elsewhere["killed_best"])
    assert harm.loc["evt_iran_on_idlib", "killed_best"] == 0


@pytest.mark.parametrize(
    ("column", "value"),
    [("killed_low", -1), ("event", None), ("event_id", "evt_iran_on_erbil")],
)
def test_a_spoilt_view_is_refused(column: str, value: object, built: Copy) -> None:
    """A value below its limit, a missing one and a key used twice do not leave unnoticed."""
    frame = strike_ledger.load("civilian_harm_by_strike", built.database)
    frame[column] = frame[column].where(frame.index != frame.index[-1], value)
    with pytest.raises(pandera.errors.SchemaErrors):
        schema_of(tables(REPORTS)["civilian_harm_by_strike"]).validate(frame, lazy=True)


def test_names_and_missing_files_are_told(built: Copy, tmp_path: object) -> None:
    """A mistyped name gets the nearest one, a missing database the command that builds it."""
    with pytest.raises(KeyError, match="Did you mean 'timeline'"):
        strike_ledger.load("timelin", built.database)
    with pytest.raises(KeyError, match="The names are"):
        strike_ledger.load("nope", built.database)
    with pytest.raises(FileNotFoundError, match="make build"):
        strike_ledger.connect(tmp_path / "nothing.duckdb")
    assert strike_ledger.tables() == NAMES


def test_every_column_can_be_filtered(built: Copy) -> None:
    """A condition on any column of any view is answered: no client's planner trips over it."""
    values = {"VARCHAR": "'nobody'", "DATE": "date '2024-01-16'", "BOOLEAN": "true"}
    with strike_ledger.connect(built.database) as connection:
        for view in tables(REPORTS):
            columns = connection.execute(f"describe {view}").fetchall()
            for compared in ("=", "<>"):
                conditions = [
                    f"{name} {compared} {values.get(kind, '1')}" for name, kind, *_ in columns
                ]
                connection.execute(f"explain from {view} where {' and '.join(conditions)}")


def test_frames_of_every_kind_hold_the_same(built: Copy) -> None:
    """Polars and Arrow give the rows of pandas, whole numbers whole and unknown as null."""
    pandas = strike_ledger.load("civilian_harm_by_strike", built.database)
    polars = strike_ledger.load("civilian_harm_by_strike", built.database, "polars")
    arrow = strike_ledger.load("civilian_harm_by_strike", built.database, "arrow")
    assert polars.columns == arrow.column_names == list(pandas.columns)
    assert polars["event_id"].to_list() == arrow["event_id"].to_pylist() == list(pandas["event_id"])
    figures = [None if pd.isna(v) else v for v in pandas["killed_high"]]
    assert polars["killed_high"].to_list() == arrow["killed_high"].to_pylist() == figures
    assert {None, 0} <= set(figures)
    assert polars.schema["killed_high"].is_integer()
    with pytest.raises(ValueError, match="pandas, polars or arrow"):
        strike_ledger.load("timeline", built.database, "parquet")


def test_a_file_named_by_the_environment_is_read(
    built: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """STRIKE_LEDGER_DATABASE, which dbt obeys, leads the reader too; a path given goes before."""
    monkeypatch.setenv("STRIKE_LEDGER_DATABASE", str(tmp_path / "nothing.duckdb"))
    with pytest.raises(FileNotFoundError, match=r"nothing\.duckdb"):
        strike_ledger.connect()
    strike_ledger.connect(built.database).close()


def test_connection_only_reads(built: Copy) -> None:
    """Nobody changes the published file by querying it."""
    refused = pytest.raises(duckdb.InvalidInputException, match="read-only")
    with strike_ledger.connect(built.database) as connection, refused:
        connection.execute("create table here (x integer)")


def test_keys_are_enforced_by_the_engine(built: Copy, tmp_path: Path) -> None:
    """Whoever adds to the marts in a copy cannot hang a figure on nothing."""
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(built.database.read_bytes())
    orphan = "insert into marts.fct_damage (damage_id, statement_id, event_id) values "
    with duckdb.connect(str(copy)) as connection:
        with pytest.raises(duckdb.ConstraintException, match="foreign key"):
            connection.execute(orphan + "('dmg_a', 'stm_nobody', 'evt_iran_on_erbil')")
        with pytest.raises(duckdb.ConstraintException, match="uplicate key"):
            connection.execute("insert into marts.fct_damage from marts.fct_damage limit 1")


def test_comments_travel_with_the_file(built: Copy) -> None:
    """Every view and column that a BI tool shows carries its description."""
    with strike_ledger.connect(built.database) as connection:
        bare = connection.sql(
            "select schema_name, table_name, column_name from duckdb_columns() "
            "where not internal and schema_name in ('main', 'marts', 'record') "
            "and coalesce(comment, '') = ''"
        ).fetchall()
        tables_without = connection.sql(
            "select view_name from duckdb_views() where not internal and schema_name = 'main' "
            "and coalesce(comment, '') = '' union all select table_name from duckdb_tables() "
            "where not internal and coalesce(comment, '') = ''"
        ).fetchall()
    assert bare == []
    assert tables_without == []
