"""What the README, CODING.md and the analyses show of the project, rendered from the project.

`python tests/readme.py` writes the parts between markers and the answers under the analyses anew;
tests compare them. Nothing else in the files is touched.
"""

import csv
import json
import re
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import agreement
import bench
import small_build
from conftest import Copy

import strike_ledger
from strike_ledger import codebook
from strike_ledger.checks import Finding, check
from strike_ledger.declarations import MARTS, PROJECT, RECORD, REPORTS, VOCABULARY, tables

README = PROJECT / "README.md"
CODING = PROJECT / "CODING.md"
SCALE = PROJECT / "docs/scale.md"
ANALYSES = PROJECT / "analyses"
Edit = Callable[[str, str], str]
_BLOCK = re.compile(r"```csv (\w+)\n(.*?)```", re.DOTALL)
QUERY = re.compile(r"```sql\n(.*?)```", re.DOTALL)


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


def example(folder: Path, edit: Edit = lambda _, rows: rows) -> list[Finding]:
    """Append the README's example to a copy of the record, each block as `edit` leaves it."""
    record = folder / RECORD
    shutil.copytree(PROJECT / RECORD, record)
    for table, rows in _BLOCK.findall(README.read_text(encoding="utf-8")):
        path = record / f"{table}.csv"
        if rows.splitlines()[0] in path.read_text(encoding="utf-8").splitlines():
            raise SystemExit("the README's example is in the record now: give it another one")
        with path.open("a", encoding="utf-8") as file:
            file.write(edit(table, rows))
    return check(record)


def with_mistakes(table: str, rows: str) -> str:
    """Make the three mistakes that the README tells of."""
    if table == "citations":
        return ""
    rows = rows.replace("evt_killing_of_pakistani_workers", "evt_killing_of_workers")
    return rows.replace(",3,3,", ",three,three,")


def planted() -> str:
    """Show what the checker says to the example with its mistakes."""
    with tempfile.TemporaryDirectory() as folder:
        findings = example(Path(folder), with_mistakes)
    return "```text\n" + "\n".join(map(str, findings)) + "\n```"


def forgotten() -> str:
    """Show the first thing that the checker says when one block of the example is left out."""
    rows = []
    for left_out, _ in _BLOCK.findall(README.read_text(encoding="utf-8")):
        with tempfile.TemporaryDirectory() as folder:
            findings = example(
                Path(folder), lambda table, rows, left_out=left_out: rows * (table != left_out)
            )
        said = " ".join(str(findings[0]).split()) if findings else "nothing: the rest stands alone"
        rows.append((f"`{left_out}`", said))
    return as_markdown(["without the rows of", "the checker says first"], rows)


def coding_table() -> str:
    """Give the agreement of the two codings as a table."""
    first = agreement.Coding.read(agreement.FIRST)
    second = agreement.Coding.read(agreement.SECOND)
    return agreement.as_table(agreement.compare(first, second))


def reliability() -> str:
    """Show what the long runs found, from the results that they left beside the tests."""
    tests = PROJECT / "tests"
    defects = json.loads((tests / "defects.json").read_text(encoding="utf-8"))
    kills = json.loads((tests / "kills.json").read_text(encoding="utf-8"))["kills"]
    with (tests / "mutants_result.csv").open(encoding="utf-8", newline="") as file:
        mutants = next(row for row in csv.DictReader(file) if row["model"] == "total")
    must, unknown = defects["must be caught"], defects["cannot be known"]
    caught = must["planted"] - must["let through"]
    killed = int(mutants["made"]) - int(mutants["survived"])
    rows = [
        ("`make defects`", "defects planted that must be caught", must["planted"]),
        ("", "of these caught before anything was loaded", must["caught before load"]),
        ("", "caught in the build", must["caught in the build"]),
        ("", "let through", must["let through"]),
        (
            "",
            f"told with the right file, line and column, of {caught} caught",
            must["told in place"],
        ),
        ("", "defects planted that cannot be known from the data", unknown["planted"]),
        ("", "of these caught all the same", unknown["planted"] - unknown["let through"]),
        ("`make mutants`", "operators altered in the SQL of the rules", int(mutants["made"])),
        ("", f"of these noticed by the tests ({killed / int(mutants['made']):.1%})", killed),
        ("", "survivors, each explained", int(mutants["survived"])),
        ("`make killed`", "builds killed at a random moment", len(kills)),
        ("", "of these after which the old file stood untouched", _found(kills, "the old file")),
        ("", "or the new one stood whole", _found(kills, "the new file")),
    ]
    return as_markdown(["run", "what", "how many"], rows)


def _found(kills: list[dict[str, str]], what: str) -> int:
    return sum(kill["found"] == what for kill in kills)


def cannot_be_known() -> str:
    """List what no check of the data can see, and what would be needed to know it."""
    defects = json.loads((PROJECT / "tests/defects.json").read_text(encoding="utf-8"))
    rows = sorted(defects["needed to know"].items())
    return as_markdown(["cannot be known from the data", "what would be needed"], rows)


def _measured() -> tuple[dict, dict[int, dict]]:
    results = json.loads(bench.RESULT.read_text(encoding="utf-8"))
    return results, {int(size): found for size, found in results["sizes"].items()}


def growth() -> str:
    """Show the seconds and the gigabytes of each engine at each size of the benchmark."""
    _, sizes = _measured()
    rows = []
    for engine in bench.ENGINES:
        cells = []
        for found in sizes.values():
            run = found.get(engine)
            memory = f", {run['gigabytes']} GB" if run and "gigabytes" in run else ""
            cells.append(f"{run['seconds']} s{memory}" if run else None)
        rows.append((f"`{engine}`", *cells))
    rows.append(("what DuckDB may take", *(f"{one['memory_limit']} GB" for one in sizes.values())))
    return as_markdown(["", *(f"{size:,} events" for size in sizes)], rows)


def ratios() -> str:
    """Show what the benchmark's goals were, and what was found."""
    results, sizes = _measured()
    *_, second, largest = sorted(sizes)
    million = max(size for size in sizes if size <= 1_000_000)
    straight = max(size for size, found in sizes.items() if "straight" in found)
    top, at_million = sizes[largest], sizes[million]
    alone = sum(top["dbt"]["nodes"].values())

    def ratio(found: dict, one: str, other: str) -> Decimal:
        return round(Decimal(found[one]["seconds"]) / Decimal(found[other]["seconds"]), 2)

    rows = [
        (
            f"`dbt` to `straight` at {straight:,}",
            ratio(sizes[straight], "dbt", "straight"),
            "at most 1.15",
        ),
        (
            f"`dbt` to its own nodes alone at {largest:,}",
            round(Decimal(top["dbt"]["seconds"] / alone), 2),
            "",
        ),
        (f"gigabytes of `dbt` at {largest:,}", Decimal(str(top["dbt"]["gigabytes"])), "under 3"),
        (
            f"exponent of `dbt`, 100,000 to {largest:,}",
            Decimal(str(bench.exponent(results, "dbt"))),
            "at most 1.1",
        ),
        (
            f"exponent of `dbt`, {second:,} to {largest:,}",
            Decimal(str(bench.exponent(results, "dbt", least=second))),
            "",
        ),
        (
            f"exponent of `straight`, 100,000 to {straight:,}",
            Decimal(str(bench.exponent(results, "straight"))),
            "",
        ),
        (
            f"`pandas` to `two_views` at {million:,}",
            ratio(at_million, "pandas", "two_views"),
            "at least 5",
        ),
        (
            f"`polars` to `two_views` at {million:,}",
            ratio(at_million, "polars", "two_views"),
            "more than 1",
        ),
        (
            f"slowest question at {million:,}, in ms",
            Decimal(str(max(at_million["questions"].values()))),
            "under 100",
        ),
    ]
    return as_markdown(["what", "found", "goal"], rows)


def questions() -> str:
    """Show how long a question for one key takes in each report."""
    _, sizes = _measured()
    asked = {size: found["questions"] for size, found in sizes.items()}
    views = sorted(asked[max(asked)])
    rows = [(f"`{view}`", *(str(took[view]) for took in asked.values())) for view in views]
    return as_markdown(["ms", *(f"{size:,} events" for size in asked)], rows)


def slowest() -> str:
    """Show the ten nodes that took longest at the largest size, and their share."""
    _, sizes = _measured()
    nodes = sizes[max(sizes)]["dbt"]["nodes"]
    total = sum(nodes.values())
    rows = [
        (f"`{name.split('.')[2]}`", f"{took:.1f}", f"{took / total:.0%}")
        for name, took in list(nodes.items())[:10]
    ]
    return as_markdown(["node", "seconds", "share of all nodes"], rows)


def outlook() -> str:
    """Show what a thousand million events would need, if growth went on as it was measured."""
    results, sizes = _measured()
    *_, second, largest = sorted(sizes)
    wanted = 1_000_000_000
    top, times = sizes[largest], wanted / largest
    growth = bench.exponent(results, "dbt", least=second)
    hours = top["dbt"]["seconds"] * times**growth / 3600
    rows = [
        ("DuckDB on a machine like this one, hours", f"{hours:,.0f}"),
        (
            f"its memory, where each table has the same share of it as at {largest:,}, GB",
            f"{top['memory_limit'] * times:,.0f}",
        ),
        ("its database file, TB", f"{top['database_gigabytes'] * times / 1000:.1f}"),
    ]
    on_two = {n: found["spark_2"]["seconds"] for n, found in sizes.items() if "spark_2" in found}
    least, most = min(on_two), max(on_two)
    if least < most:
        per_event = (on_two[most] - on_two[least]) / (most - least)
        rows += [
            (f"Spark on two cores at {least:,} events, seconds", f"{on_two[least]:.0f}"),
            ("Spark, hours of one core beyond that", f"{2 * per_event * wanted / 3600:,.0f}"),
        ]
    both = [found for found in sizes.values() if "spark_1" in found]
    rows += [
        (
            "Spark, times as fast on two cores as on one",
            f"{found['spark_1']['seconds'] / found['spark_2']['seconds']:.2f}",
        )
        for found in both[-1:]
    ]
    return as_markdown([f"for {wanted:,} events", "by these measurements"], rows)


def small() -> str:
    """Show how long the build of the record takes, beside an empty project, and where it goes."""
    found = json.loads(small_build.RESULT.read_text(encoding="utf-8"))
    where = {f"of the build: {phase}": took for phase, took in found["where"].items()}
    rows = [(f"{what}, s", str(took)) for what, took in (found["seconds"] | where).items()]
    rows.append((f"build to empty project (goal: under {small_build.GOAL})", str(found["ratio"])))
    return as_markdown([f"median of {found['runs']} runs in turn", ""], rows)


def compile_analyses(copy: Copy) -> Path:
    """Let dbt compile the analyses of a copy of the project, and give the folder of the SQL."""
    done = copy.run("dbt", "compile", "--select", "path:analyses")
    assert done.returncode == 0, done.stdout
    return copy.folder / "target/compiled/strike_ledger/analyses"


def answered(analysis: Path, compiled: Path, database: Path) -> str:
    """Give the text of an analysis with its answer anew, as a comment underneath the query."""
    question, _, _ = analysis.read_text(encoding="utf-8").partition("\n{# Answer")
    answer = result((compiled / analysis.name).read_text(encoding="utf-8"), database)
    version = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "version"
    ]
    return f"{question.rstrip()}\n\n{{# Answer at version {version}:\n\n{answer}\n#}}\n"


def rendered(path: Path, database: Path) -> str:
    """Give the text of a file with its marked parts rendered anew."""
    text = path.read_text(encoding="utf-8")
    queries: Iterator[str] = iter(QUERY.findall(text))
    makers: dict[str, Callable[[], str]] = {
        "result": lambda: result(next(queries), database),
        "check": planted,
        "forgotten": forgotten,
        "agreement": coding_table,
        "reliability": reliability,
        "unknowable": cannot_be_known,
        "growth": growth,
        "ratios": ratios,
        "questions": questions,
        "slowest": slowest,
        "outlook": outlook,
        "small": small,
        "diagram": lambda: f"```mermaid\n{codebook.diagram()}\n```",
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
    for document in (README, CODING, SCALE):
        document.write_text(rendered(document, PROJECT / "strike_ledger.duckdb"), encoding="utf-8")
    here = Copy(PROJECT)
    sql = compile_analyses(here)
    for question in sorted(ANALYSES.glob("*.sql")):
        question.write_text(answered(question, sql, here.database), encoding="utf-8")
