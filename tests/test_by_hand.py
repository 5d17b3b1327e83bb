"""The views written by hand in pandas and in polars give what the SQL gives, cell by cell.

Held on the curated record and, since that has few cases of each kind, on a shaken one: many copies
of it under other ids, in which a share of the values is drawn anew from those of their column.
"""

import importlib
import shutil
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from by_hand import NEEDED
from cells import plain
from conftest import Copy

from models import Models
from strike_ledger.declarations import Column, Table, loaded_tables

VIEWS = ("civilian_harm_by_strike", "reactions_by_country")
N_COPIES = 20
SHARE_DRAWN = 0.3

# Columns whose values are drawn anew, each list of them together, and no reference led astray.
DRAWN: dict[str, list[list[str]]] = {
    "casualties": [
        ["outcome"],
        ["qualifier", "figure_low", "figure_high", "figure_best"],
        ["age_group"],
        ["sex"],
        ["status", "status_basis"],
        ["nationality", "is_nationality_negated"],
    ],
    "citations": [["role"], ["fidelity"]],
    "claims": [["stance"]],
    "damage": [["extent"], ["object_kind"], ["event_id"], ["statement_id"]],
    "event_actors": [["role"], ["actor_id"]],
    "event_links": [["link"], ["linked_event_id"]],
    "events": [["kind"]],
    "passages": [],
    "propositions": [
        ["value_from_time", "value_to_time"],
        ["value_utc_offset_minutes"],
        ["event_id"],
    ],
    "response_actors": [["role"], ["level"], ["on_behalf_of_id"]],
    "response_events": [["event_id"]],
    "response_states": [["state"], ["local_time", "utc_offset_minutes"]],
    "responses": [["kind"], ["reverses_id"]],
    "sources": [["proximity"], ["publisher_id"], ["author_id"]],
    "statements": [
        ["claimant_id"],
        ["on_behalf_of_id"],
        ["attribution"],
        ["withdrawn_date"],
        ["supersedes_id"],
    ],
}


class Answers(NamedTuple):
    """A record as Parquet, and what the SQL makes of it: for each view columns and rows."""

    folder: Path
    columns: dict[str, list[str]]
    rows: dict[str, Counter]


def _rows(rows: Iterable[Iterable[Any]]) -> Counter:
    return Counter(
        tuple(plain(cell.date() if isinstance(cell, datetime) else cell) for cell in row)
        for row in rows
    )


def _rows_by_hand(frame: Any) -> Counter:
    is_pandas = isinstance(frame, pd.DataFrame)
    table = pa.Table.from_pandas(frame, preserve_index=False) if is_pandas else frame.to_arrow()
    return _rows(zip(*(column.to_pylist() for column in table.columns), strict=True))


def _answers(connection: duckdb.DuckDBPyConnection, folder: Path) -> Answers:
    """Write the record of a database as Parquet, and fetch its two views."""
    for table in NEEDED:
        (folder / table).mkdir()
        connection.execute(f"copy record.{table} to '{folder / table}/rows.parquet'")
    columns, rows = {}, {}
    for view in VIEWS:
        found = connection.execute(f"from main.{view}")
        columns[view] = [column[0] for column in found.description]
        rows[view] = _rows(found.fetchall())
    return Answers(folder, columns, rows)


@pytest.fixture(scope="module")
def curated(built: Copy, tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """Give the record as it is, and its views as dbt built them."""
    with duckdb.connect(str(built.database), read_only=True) as connection:
        return _answers(connection, tmp_path_factory.mktemp("curated"))


@pytest.fixture(scope="module")
def shaken(built: Copy, tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """Give the shaken record, and what the models make of it as dbt compiled them."""
    models = Models(built)
    needed = set(VIEWS)
    for name in reversed(models.in_order):
        if name in needed:
            needed.update(models.parents[name])
    random = np.random.default_rng(0)
    with models.connect() as connection:
        connection.execute(f"attach '{built.database}' as built (read_only)")
        for name in sorted({*NEEDED, *needed} - set(models.sql)):
            connection.execute(f"create table record.{name} as from built.record.{name} limit 0")
            rows = connection.execute(f"from built.record.{name}").df()
            if name in DRAWN:
                rows = _shaken(loaded_tables()[name], rows, random)
            connection.register("shaken_rows", rows)
            connection.execute(f"insert into record.{name} from shaken_rows")
        for name in models.in_order:
            if name in needed:
                models.create(connection, name)
        return _answers(connection, tmp_path_factory.mktemp("shaken"))


def _shaken(table: Table, rows: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    ids = [column.name for column in table.columns if _is_copied(column, table)]
    copies = []
    for number in range(N_COPIES):
        copy = rows.copy()
        for columns in DRAWN[table.name]:
            drawn = random.random(len(copy)) < SHARE_DRAWN
            values = rows[columns].drop_duplicates()
            values = values.sample(drawn.sum(), replace=True, random_state=random)
            copy.loc[drawn, columns] = values.to_numpy()
        copy[ids] = copy[ids] + f"_{number}"
        copies.append(copy.drop_duplicates(list(table.primary_key)))
    return pd.concat(copies)


def _is_copied(column: Column, table: Table) -> bool:
    """Tell whether a column names rows of which each copy has its own."""
    is_key = column.target is None and column.name in table.primary_key
    of_table = table.name if is_key and column.name.endswith("_id") else (column.target or [""])[0]
    return of_table in DRAWN or column.references_table_in is not None


@pytest.fixture(params=["curated", "shaken"])
def answers(request: pytest.FixtureRequest) -> Answers:
    """Give a record and what the SQL makes of it."""
    return request.getfixturevalue(request.param)


@pytest.fixture(params=["pandas", "polars"])
def by_hand(request: pytest.FixtureRequest) -> ModuleType:
    """Give the module of a library."""
    return importlib.import_module(f"by_hand_{request.param}")


@pytest.mark.parametrize("view", VIEWS)
def test_gives_the_rows_and_cells_of_the_view(
    answers: Answers, by_hand: ModuleType, view: str
) -> None:
    """It has the columns of the view in their order, and its rows in any."""
    frame = getattr(by_hand, view)(by_hand.read(answers.folder))
    assert list(frame.columns) == answers.columns[view]
    found, wanted = _rows_by_hand(frame), answers.rows[view]
    assert [*(found - wanted)][:3] == [*(wanted - found)][:3]
    assert found == wanted


def test_both_gives_the_two_views(answers: Answers, by_hand: ModuleType) -> None:
    """What the two share is worked out once, and comes out the same."""
    frames = by_hand.both(by_hand.read(answers.folder))
    assert [_rows_by_hand(frame) for frame in frames] == list(answers.rows.values())


def test_takes_in_the_kinds_of_event_asked_for(
    curated: Answers, by_hand: ModuleType, tmp_path: Path
) -> None:
    """With attacks asked for the answer is that of a record in which every attack is a strike."""
    renamed = shutil.copytree(curated.folder, tmp_path / "renamed")
    duckdb.sql(
        "select * replace (case when kind = 'attack' then 'strike' else kind end as kind) "
        f"from '{curated.folder}/events/*.parquet'"
    ).write_parquet(f"{renamed}/events/rows.parquet")
    tables, with_strikes = by_hand.read(curated.folder), by_hand.read(renamed)
    for found, wanted in zip(
        by_hand.both(tables, ("strike", "attack")), by_hand.both(with_strikes), strict=True
    ):
        assert _rows_by_hand(found) == _rows_by_hand(wanted)
        assert len(found) > 1
