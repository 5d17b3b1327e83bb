"""What a built database holds, as one hash per table and view, to be compared with another's."""

from pathlib import Path

import duckdb


def relations(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Give the names of every table and view of every schema of the database in use, in order."""
    found = connection.execute(
        "select table_schema || '.' || table_name from information_schema.tables "
        "where table_catalog = current_database() order by all"
    ).fetchall()
    return [name for (name,) in found]


def hashes_in(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, ...]]:
    """Give of every table and view its columns, each with its type, and a hash of its rows.

    The order in which rows are stored does not count. JSON tells NULL from an empty text.
    """
    hashes = {}
    for name in relations(connection):
        columns = connection.execute(f"describe {name}").fetchall()
        (content,) = connection.execute(
            "select md5(coalesce(string_agg(line, chr(10) order by line), '')) "
            f"from (select cast(to_json(this) as varchar) as line from {name} as this)"
        ).fetchone()
        hashes[name] = (*(f"{column[0]} {column[1]}" for column in columns), content)
    return hashes


def rewritten(built: Path, other: Path, how: str) -> None:
    """Write a database with every table and view of another as tables, their rows as `how` says.

    `how` is what follows `from` in SQL; a row goes by the name of `row` there.
    """
    with duckdb.connect() as connection:
        connection.execute(f"attach '{other}' as other")
        connection.execute(f"attach '{built}' as built (read_only)")
        connection.execute("use built")
        for name in relations(connection):
            schema, _, _ = name.partition(".")
            connection.execute(f"create schema if not exists other.{schema}")
            connection.execute(f"create table other.{name} as from built.{name} as row {how}")


def table_hashes(database: Path) -> dict[str, tuple[str, ...]]:
    """Give the columns and the hash of every table and view of a file."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return hashes_in(connection)
