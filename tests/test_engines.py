"""One SQL for three engines: no trap springs, and the models keep clear of where engines differ.

The traps of tests/engine_traps.py are built on DuckDB and PostgreSQL here, and on Spark by
`make spark`. The SQL of the models is read as dbt compiled it, without and with imports.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb
import engine_traps
import psycopg2
import pytest
import sqlglot
from conftest import Copy
from nulls import Query
from sqlglot import exp

from models import Models
from strike_ledger.declarations import MARTS, PROJECT, REPORTS, loaded_tables, tables


def _built(project: Path, target: str, **variables: str) -> None:
    done = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("dbt")), "--quiet", "build"),
            *("--target", target, "--project-dir", str(project), "--profiles-dir", str(PROJECT)),
            *("--target-path", str(project / "target"), "--log-path", str(project / "target")),
        ],
        env=os.environ | {"DO_NOT_TRACK": "1"} | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_trap_springs_on_duckdb(tmp_path: Path) -> None:
    """What the macros give on DuckDB is what is expected of every engine."""
    engine_traps.write_project(tmp_path / "project")
    database = tmp_path / "built.duckdb"
    _built(tmp_path / "project", "duckdb", STRIKE_LEDGER_DATABASE=str(database))
    with duckdb.connect(str(database), read_only=True) as connection:
        found = list(engine_traps.differences(lambda sql: connection.execute(sql).fetchall()))
    assert found == []


def _on_postgres(project: Path, server: dict[str, str]) -> list[str]:
    _built(project, "postgres", **server)
    connection = psycopg2.connect(host=server["PGHOST"], user="postgres", dbname="postgres")

    def ask(sql: str) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    try:
        return list(engine_traps.differences(ask))
    finally:
        connection.close()


def test_no_trap_springs_on_postgres(tmp_path: Path, server: dict[str, str]) -> None:
    """What the macros give on PostgreSQL is what is expected of every engine."""
    engine_traps.write_project(tmp_path / "project")
    assert _on_postgres(tmp_path / "project", server) == []


# A macro for PostgreSQL without what holds it in step, and the traps that then spring.
UNPROTECTED = {
    "texts sorted by language": (
        'collate "C"',
        "",
        ["hashes", "lists_in_order", "texts_by_their_bytes"],
    ),
    "part of a text": (
        "~ '^(?:{{ pattern }})$'",
        "~ '{{ pattern }}'",
        ["patterns"],
    ),
}


@pytest.mark.parametrize(("old", "new", "traps"), UNPROTECTED.values(), ids=UNPROTECTED)
def test_traps_spring_without_protection(
    old: str, new: str, traps: list[str], tmp_path: Path, server: dict[str, str]
) -> None:
    """A trap that never springs would hold nothing in step."""
    project = tmp_path / "project"
    engine_traps.write_project(project)
    macros = project / "macros/engines.sql"
    text = macros.read_text(encoding="utf-8")
    assert old in text
    macros.write_text(text.replace(old, new), encoding="utf-8")
    found = _on_postgres(project, server)
    sprung = {re.match(r"traps\.(\w+)", difference)[1] for difference in found}
    assert sprung & set(traps), found


@pytest.fixture(scope="module")
def models(built: Copy) -> Models:
    """Give the models as dbt compiled them in a build of the record."""
    return Models(built)


@pytest.fixture(scope="module")
def sql(models: Models, built: Copy) -> dict[str, dict[str, str]]:
    """Give the SQL of each model, by the way it was compiled: of the record, and with imports."""
    folder = built.folder / "with_imports"
    of_imports = ["--vars", "{imports: imports}", "--target", "bulk", "--target-path", str(folder)]
    ((_, status),) = built.dbt(({}, ["--quiet", "compile", "--select", "models", *of_imports]))
    assert status == "0"
    paths = (folder / "compiled/strike_ledger").glob("models/*/*.sql")
    return {
        "record": models.sql,
        "imports": {path.stem: path.read_text(encoding="utf-8") for path in paths},
    }


def _schema(built: Copy) -> dict[str, dict[str, dict[str, str]]]:
    """Give the columns of every table and view with their types, by schema.

    In the schema `imported` stand those of the record with what an import adds to each.
    """
    found: dict[str, dict[str, dict[str, str]]] = {}
    with duckdb.connect(str(built.database), read_only=True) as connection:
        for schema, table, column, data_type in connection.execute(
            "select schema_name, table_name, column_name, data_type from duckdb_columns() "
            "where not internal order by column_index"
        ).fetchall():
            found.setdefault(schema, {}).setdefault(table, {})[column] = data_type
    found["imported"] = {
        table: columns | dict.fromkeys(ADDED, "VARCHAR")
        for table, columns in found["record"].items()
    }
    return found


ADDED = ("original_id", "original_code", "dataset_version", "licence")


@pytest.fixture(scope="module")
def queries(
    models: Models, sql: Mapping[str, Mapping[str, str]], built: Copy
) -> dict[str, dict[str, Query]]:
    """Give the SQL of each model as a query that tells where NULL can be, by way of compiling."""
    schema = _schema(built)
    found: dict[str, dict[str, Query]] = {}
    for way, texts in sql.items():
        nullable = {
            table.name: {
                column.name: not (column.required or column.name in table.primary_key)
                for column in table.columns
            }
            | dict.fromkeys(ADDED, False)
            for table in loaded_tables().values()
        }
        found[way] = {}
        # `about` hashes the record, and reads every cell of it through one `coalesce`.
        for name in (name for name in models.in_order if name in texts and name != "about"):
            text = re.sub(r"read_parquet\('imports/(\w+)/[^)]*\)", r"imported.\1", texts[name])
            text = re.sub(r'"\w+"\.("\w+"\."\w+")', r"\1", text)
            found[way][name] = Query(text, schema, nullable)
            nullable[name] = found[way][name].outputs
    return found


def _shown(queries: Mapping[str, Mapping[str, Query]], what: str) -> Iterator[str]:
    for way, ours in queries.items():
        for name, query in ours.items():
            for node in getattr(query, what)():
                yield f"{name} ({way}): {node.sql('duckdb', identify=False)}"


def test_every_order_says_where_unknown_goes(queries: dict[str, dict[str, Query]]) -> None:
    """Spark sorts NULL first and DuckDB last: an order that can meet it says where it goes."""
    assert list(_shown(queries, "orders")) == []
    assert any(query.tree.find(exp.Ordered) for query in queries["record"].values())


def test_no_text_is_joined_to_unknown(queries: dict[str, dict[str, Query]]) -> None:
    """With NULL in it `concat` is NULL on Spark alone; `||` is NULL everywhere."""
    assert list(_shown(queries, "joined_texts")) == []
    assert any(query.tree.find(exp.Concat) for query in queries["record"].values())


SCHEMA = {"s": {"t": {"a": "INT", "b": "TEXT"}, "u": {"a": "INT", "c": "TEXT"}}}
NULLABLE = {"t": {"a": False, "b": True}, "u": {"a": False, "c": False}}
# A query, the orders and the joined texts of it that are to be told, and which columns can be NULL.
NULLS = {
    "key": ("select a, row_number() over (order by a) as n from s.t", 0, 0, ""),
    "upward": ("select row_number() over (order by b) as n from s.t", 1, 0, ""),
    "downward": ("select row_number() over (order by b desc) as n from s.t", 1, 0, ""),
    "last": ("select row_number() over (order by b desc nulls last) as n from s.t", 0, 0, ""),
    "first": ("select row_number() over (order by b nulls first) as n from s.t", 0, 0, ""),
    "filtered": ("select b, rank() over (order by b) as n from s.t where b is not null", 0, 0, ""),
    "compared": ("select b from s.t where b > 'x' order by b", 0, 0, ""),
    "either": ("select b from s.t where b > 'x' or a > 1 order by b", 1, 0, "b"),
    "not unknown": ("select a from s.t order by b is null, coalesce(b, '')", 0, 0, ""),
    "list": ("select string_agg(b, ',' order by b) as b from s.t group by a", 0, 0, "b"),
    "joined": ("select u.c from s.t left join s.u on t.a = u.a", 0, 0, "c"),
    "joined both": ("select u.c from s.t inner join s.u on t.a = u.a", 0, 0, ""),
    "counted": ("select a, count(b) as n, max(b) as b from s.t group by a", 0, 0, "b"),
    "of none": ("select max(a) as a, count(*) as n from s.t", 0, 0, "a"),
    "before": (
        "select max(a) over (order by a rows between unbounded preceding and 1 preceding) as m, "
        "max(a) over (order by a rows between unbounded preceding and current row) as k from s.t",
        *(0, 0, "m"),
    ),
    "text": ("select concat(a, b) as c from s.t", 0, 1, "c"),
    "with nothing": (
        "select concat_ws('', a, b) as c, concat(a, coalesce(b, '')) as d from s.t",
        *(0, 0, "c"),
    ),
    "in its case": (
        "select case when b is not null and a > 1 then concat(b, a) else '' end as c from s.t",
        *(0, 0, ""),
    ),
    "beside its case": ("select case when a > 1 then concat(b, a) end as c from s.t", 0, 1, "c"),
    "through steps": (
        "with x as (select a, b from s.t union all select a, c from s.u), "
        "y as (select * from x where a in (1, 2)) select a, b from y order by a, b",
        *(1, 0, "b"),
    ),
}


@pytest.mark.parametrize(("query", "orders", "texts", "can_be"), NULLS.values(), ids=NULLS)
def test_unknown_is_followed(query: str, orders: int, texts: int, can_be: str) -> None:
    """What finds no fault in the models finds each kind of it in a query that has one."""
    found = Query(query, SCHEMA, NULLABLE)
    assert len(list(found.orders())) == orders
    assert len(list(found.joined_texts())) == texts
    assert "".join(name for name, can in found.outputs.items() if can) == can_be


# What a model may call by its name: each is in a trap, or the same in every engine's manual.
PORTABLE = {
    *("cast", "ceil", "coalesce", "concat", "concat_ws", "count", "floor", "max", "md5", "min"),
    *("nullif", "numeric", "rank", "round", "row_number", "sum"),
}
FOREIGN = re.compile(
    r"::|~|\\|\b(?:distinct on|except|exclude|filter|group by all|ilike|intersect|interval|lateral|"
    r"natural|qualify|recursive|similar to|try_cast|using)\b"
)


def _raw(path: Path) -> str:
    """Read a model without its comments."""
    return re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("path", sorted(PROJECT.glob("models/*/*.sql")), ids=lambda path: path.stem)
def test_a_model_keeps_to_what_engines_share(path: Path) -> None:
    """What engines write in different ways stands in one file, macros/engines.sql."""
    text = _raw(path)
    assert re.findall(r"\b(?:adapter|target)\.", text) == []
    sql = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|'[^'\\]*'", "", text, flags=re.DOTALL)
    assert FOREIGN.findall(sql) == []
    assert set(re.findall(r"\b([a-z_0-9]+)\(", sql)) - PORTABLE == set()


def test_macros_of_dbt_are_those_that_engines_share() -> None:
    """A difference of dbt's in hours rounds up, its lists lose order, its float is short."""
    used = {
        name
        for path in [*PROJECT.glob("models/*/*.sql"), *PROJECT.glob("macros/*.sql")]
        for name in re.findall(r"\bdbt\.(?!materialization_)(\w+)", _raw(path))
    }
    assert used <= {"date_trunc", "type_string"}


def test_a_quotient_is_of_decimals_and_cut_by_name(sql: dict[str, dict[str, str]]) -> None:
    """PostgreSQL divides whole numbers into whole ones; Spark cuts where others round."""
    bad = []
    for text in {text for texts in sql.values() for text in texts.values()}:
        for quotient in sqlglot.parse_one(text, dialect="duckdb").find_all(exp.Div):
            divisor = quotient.expression.unnest()
            is_decimal = isinstance(divisor, exp.Cast) or (
                divisor.is_number and "." in divisor.name
            )
            outside = quotient.find_ancestor(exp.Cast, exp.Floor, exp.Ceil, exp.Round, exp.Select)
            is_cut = isinstance(outside, exp.Cast) and outside.to.this in exp.DataType.INTEGER_TYPES
            if not is_decimal or is_cut:
                bad.append(quotient.sql("duckdb"))
    assert bad == []


def test_numbers_keep_their_type_in_parquet(built: Copy, tmp_path: Path) -> None:
    """A HUGEINT is a DOUBLE in Parquet, a FLOAT has seven digits: no table or view has either."""
    with duckdb.connect(str(built.database), read_only=True) as connection:
        types = {
            data_type.partition("(")[0]
            for (data_type,) in connection.execute(
                "select distinct data_type from duckdb_columns() where not internal"
            ).fetchall()
        }
        assert types == {"BIGINT", "BOOLEAN", "DATE", "DECIMAL", "INTEGER", "TIMESTAMP", "VARCHAR"}

        def written(query: str) -> list[tuple]:
            file = tmp_path / "written.parquet"
            connection.execute(f"copy ({query}) to '{file}' (format parquet)")
            return connection.execute(f"describe from '{file}'").fetchall()

        assert [row[1] for row in written("select sum(1) as n")] == ["DOUBLE"]
        for relation in [*(f"marts.{name}" for name in tables(MARTS)), *tables(REPORTS)]:
            declared = connection.execute(f"describe {relation}").fetchall()
            columns = [row[:2] for row in written(f"from {relation}")]
            assert columns == [row[:2] for row in declared], relation


def test_the_page_on_engines_says_what_is_tested() -> None:
    """The page names every trap, tests that there are, and the versions that the locks hold."""
    page = (PROJECT / "docs/engines.md").read_text(encoding="utf-8")
    _, _, rest = page.partition("<!-- traps -->\n\n")
    table, _, _ = rest.partition("\n<!-- /traps -->")
    assert table == engine_traps.as_table()
    for name in re.findall(r"`(test_\w+)`", page):
        assert name in globals(), name
    locked = "".join(
        (PROJECT / lock).read_text(encoding="utf-8")
        for lock in ("requirements.lock", "requirements-spark.lock")
    )
    for package, version in re.findall(
        r"\b(pyspark|dbt-\w+)(?:\[\w+\])?(?:==| )(\d+\.\d+\.\d+)(?!\w)", page
    ):
        assert f"\n{package}=={version} " in f"\n{locked}", package
