"""Every text that is made of a built database, written out to be compared with another's.

`python tests/exports.py DATABASE OLDER FOLDER`, in a built copy of the project whose analyses are
compiled. It runs in a process of its own, since time zone, locale and hash seed belong to one.
"""

import json
import sys
from pathlib import Path

import duckdb
import readme
from content import relations, table_hashes

from strike_ledger.declarations import PROJECT
from strike_ledger.diff import as_data, differences, report, uncorrected

COMPILED = PROJECT / "target/compiled/strike_ledger"


def export(database: Path, older: Path, folder: Path) -> None:
    """Write out tables, documents, answers and differences, and the SQL if it was compiled here."""
    texts = {"hashes.json": json.dumps(table_hashes(database), indent=2)}
    readme.forgotten = str  # eight more checks of the record would tell nothing that one does not
    for document in (readme.README, readme.CODING):
        texts[document.name] = readme.rendered(document, database)
    for sql in COMPILED.glob("models/*/*.sql"):
        texts[f"compiled {sql.name}"] = sql.read_text(encoding="utf-8")
    for sql in (COMPILED / "analyses").glob("*.sql"):
        texts[f"compiled {sql.name}"] = sql.read_text(encoding="utf-8")
        texts[sql.name] = readme.answered(readme.ANALYSES / sql.name, sql.parent, database)
    found = differences(older, database)
    missing = uncorrected(found, database)
    texts["diff.txt"] = report(found, missing)
    texts["diff.json"] = json.dumps(as_data(found, missing), indent=2)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    with duckdb.connect(str(database), read_only=True) as connection:
        for name in relations(connection):
            connection.execute(f"copy (from {name} order by all) to '{folder / name}.csv'")


if __name__ == "__main__":
    export(*map(Path, sys.argv[1:]))
