"""What the README shows of the project, rendered from the project itself.

`python tests/readme.py` writes the parts of README.md and CODING.md that stand between markers
anew; a test compares them. Nothing else in the two files is touched.
"""

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import agreement

import strike_ledger
from strike_ledger.checks import Finding, check
from strike_ledger.declarations import MARTS, PROJECT, RECORD, REPORTS, VOCABULARY, tables

README = PROJECT / "README.md"
CODING = PROJECT / "CODING.md"


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value).replace("|", "\\|")


def as_markdown(names: list[str], rows: list[tuple]) -> str:
    """Write rows as a Markdown table; an unknown value is an empty cell."""
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]
    return "\n".join(lines)


def result(query: str, database: Path) -> str:
    """Run a query of the README on the built database."""
    with strike_ledger.connect(database) as connection:
        answer = connection.execute(query)
        return as_markdown([column[0] for column in answer.description], answer.fetchall())


def described(folder: str) -> str:
    """List the tables of a folder, each with the first sentence of its description."""
    rows = [
        (f"`{name}`", re.split(r"(?<=\.)\s", table.description)[0])
        for name, table in tables(folder).items()
    ]
    return as_markdown(["view" if folder == REPORTS else "table", "one row"], rows)


def example(folder: Path, mistakes: bool = False) -> list[Finding]:
    """Append the README's example to a copy of the record and check it, with or without mistakes.

    The mistakes are the three that the README tells of: a figure as a word, a mistyped event,
    and no citation.
    """
    record = folder / RECORD
    shutil.copytree(PROJECT / RECORD, record)
    text = README.read_text(encoding="utf-8")
    for table, rows in re.findall(r"```csv (\w+)\n(.*?)```", text, re.DOTALL):
        if mistakes:
            if table == "citations":
                continue
            rows = rows.replace("evt_pakistan_on_iran", "evt_pakistan_on_irann")  # noqa: PLW2901
            rows = rows.replace(",10,10,", ",ten,ten,")  # noqa: PLW2901
        with (record / f"{table}.csv").open("a", encoding="utf-8") as file:
            file.write(rows)
    return check(record)


def planted() -> str:
    """Show what the checker says to the example with its mistakes."""
    with tempfile.TemporaryDirectory() as folder:
        return "```text\n" + "\n".join(map(str, example(Path(folder), mistakes=True))) + "\n```"


def coding_table() -> str:
    """Give the agreement of the two codings as a table."""
    first = agreement.Coding.read(agreement.FIRST)
    second = agreement.Coding.read(agreement.SECOND)
    return agreement.as_table(agreement.compare(first, second))


def rendered(path: Path, database: Path) -> str:
    """Give the text of a file with its marked parts rendered anew."""
    text = path.read_text(encoding="utf-8")
    queries: Iterator[str] = iter(re.findall(r"```sql\n(.*?)```", text, re.DOTALL))
    makers: dict[str, Callable[[], str]] = {
        "result": lambda: result(next(queries), database),
        "check": planted,
        "agreement": coding_table,
        **{
            folder: lambda f=folder: described(f) for folder in (REPORTS, MARTS, RECORD, VOCABULARY)
        },
    }

    def fresh(found: re.Match) -> str:
        return f"<!-- {found[1]} -->\n\n{makers[found[1]]()}\n\n<!-- /{found[1]} -->"

    names = "|".join(map(re.escape, makers))
    return re.sub(
        rf"<!-- ({names}) -->(?:.*?<!-- /\1 -->)?",
        fresh,
        text,
        flags=re.DOTALL,
    )


if __name__ == "__main__":
    for document in (README, CODING):
        document.write_text(rendered(document, PROJECT / "strike_ledger.duckdb"), encoding="utf-8")
