"""The command `strike-ledger`."""

import sys
from pathlib import Path

import click

from strike_ledger import ending
from strike_ledger.declarations import IS_CHECKOUT, PROJECT, RECORD
from strike_ledger.reading import DIST

_ON_A_CHECKOUT = {"check", "verify", "build", "release", "import"}


@click.group()
@click.version_option(package_name="strike-ledger")
@click.pass_context
def main(context: click.Context) -> None:
    """Check, build, release and read the record of the missile strikes of January 2024."""
    sys.stdout.reconfigure(errors="replace")  # a name that the terminal cannot write stops nothing
    if context.invoked_subcommand in _ON_A_CHECKOUT and not IS_CHECKOUT:
        raise click.ClickException(
            f"`{context.invoked_subcommand}` works on the CSVs of the record, which an installed "
            "package does not have: clone the project, and `pip install -e .` there"
        )


@main.command()
@click.option(
    "--record",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=PROJECT / RECORD,
    help="Folder with the CSVs; by default the project's own.",
)
def check(record: Path) -> None:
    """Check every CSV against its declaration and print all problems at once.

    Exit status 1 where there is a problem, 0 where there is none. Nothing is loaded.
    """
    from strike_ledger.checks import check as check_record
    from strike_ledger.checks import report

    findings = check_record(record)
    if findings:
        click.echo(report(findings))
        sys.exit(1)
    click.echo("The record holds: no problem found.")


@main.command()
@click.option(
    "--text",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="The document as UTF-8 text, a paragraph a line.",
)
@click.option(
    "--source",
    default="src_mei_article",
    show_default=True,
    help="Key of the document in sources.csv.",
)
def verify(text: Path, source: str) -> None:
    """Test the locators of a source against its text in your hands.

    Prints a line for each passage: holds, moved or fails. Exit status 1 unless all hold.
    """
    from strike_ledger.passages import verify as verify_passages

    try:
        verdicts = verify_passages(text.read_text(encoding="utf-8-sig"), source)
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{text} is not UTF-8: save it as UTF-8 text") from error
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    for verdict in verdicts:
        line = f"{verdict.passage_id}  paragraph {verdict.locator}: {verdict.state}"
        click.echo(f"{line} ({verdict.detail})" if verdict.detail else line)
    n_holding = sum(verdict.state == "holds" for verdict in verdicts)
    click.echo(f"{n_holding} of {len(verdicts)} locators hold.")
    sys.exit(0 if n_holding == len(verdicts) else 1)


@main.command()
@click.option(
    "--target",
    default="duckdb",
    show_default=True,
    help="A target of profiles.yml; any but duckdb is built in its own place.",
)
def build(target: str) -> None:
    """Check the record, build every table and view, test the data, put the file in place.

    strike_ledger.duckdb changes only when everything passed; a second build waits for the first.
    """
    from strike_ledger.build import BuildError, build_elsewhere
    from strike_ledger.build import build as build_database

    try:
        if target == "duckdb":
            click.echo(f"{build_database().name} is in place.")
        else:
            build_elsewhere(target)
            click.echo(f"{target} is built.")
    except BuildError as error:
        raise click.ClickException(str(error)) from error


@main.command()
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=DIST,
    help="Where to write it; by default dist/ in the project.",
)
@click.option("--as-built", is_flag=True, help="Take strike_ledger.duckdb as it stands.")
def release(folder: Path, as_built: bool) -> None:
    """Build the database and write everything that is published of it into one folder.

    \b
      strike_ledger.duckdb, .sqlite, .xlsx      the tables and views in one file
      csv/, parquet/, hxl/                      one file for each of them
      events.geojson, events_geo.parquet        the events on a map
      index.html, pictures/                     the report, and its charts for slides
      query.html, ask/                          SQL in the browser: see `strike-ledger open`
      codebook.html, dbt_docs.html              what every table, column, code and rule means
      datapackage.json, croissant.json          the same for machines
      CHECKSUMS.txt                             for `sha256sum -c CHECKSUMS.txt`

    An earlier release in the folder is replaced when the new one is whole. Exit status 1 where it
    could not be made. Takes the project's own database, whatever STRIKE_LEDGER_DATABASE says. Needs
    what `make build` installs, or `pip install -e '.[release]'`, and the npm registry the first
    time.
    """  # noqa: D301  click reads \b as "leave these lines as they are"
    from strike_ledger.build import BuildError

    try:
        from strike_ledger.release import ReleaseError
        from strike_ledger.release import release as write_release
    except ModuleNotFoundError as error:
        raise click.ClickException(
            f"{error.name} is not installed, which a release needs: pip install -e '.[release]'"
        ) from error
    try:
        click.echo(f"{write_release(folder, as_built)} holds the release.")
    except (BuildError, ReleaseError) as error:
        raise click.ClickException(str(error)) from error


@main.command("import")
@click.argument("dataset")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("imports"),
    show_default=True,
    help="Folder of Parquet; other imports in it stay.",
)
@click.option("--version", help="Version of the dataset, where the files' names do not tell it.")
@click.option("--partitioned", is_flag=True, help="Write by year and country, for a cluster.")
@click.option(
    "--answers-within",
    type=click.IntRange(min=0),
    help="Days after an attack in which an act may answer it; of datasets of acts, by default 7.",
)
def import_dataset(  # noqa: PLR0913, PLR0917  one for each option
    dataset: str,
    files: tuple[Path, ...],
    into: Path,
    version: str | None,
    partitioned: bool,
    answers_within: int | None,
) -> None:
    """Read FILES of another DATASET as they come, and write them as Parquet in the record's shape.

    \b
      ucdp       UCDP GED and UCDP Candidate, from the UCDP or from HDX
      gdelt      event exports of GDELT 1 and 2
      icews      event files of ICEWS
      polecat    files of POLECAT

    Files may be packed with gzip or, each by itself, with zip. The same dataset and version again
    replaces what was imported before. Prints how many rows came in, were taken and were rejected;
    the rejected are in rejects/ in the folder, with line and reason. To build with them:
    `dbt build --target bulk --vars '{imports: FOLDER}'`.

    Exit status 0 also where some rows are rejected; 1 where none can be taken, or where the import
    fails: then the folder is as it was. Needs `pip install -e '.[imports]'`.
    """  # noqa: D301  click reads \b as "leave these lines as they are"
    try:
        from strike_ledger.imports import DATASETS, ImportFailedError, import_files
    except ModuleNotFoundError as error:
        raise click.ClickException(
            f"{error.name} is not installed, which an import needs: pip install -e '.[imports]'"
        ) from error
    if dataset not in DATASETS:
        raise click.UsageError(f"'{dataset}' is no dataset: {', '.join(DATASETS)}")
    options = {} if answers_within is None else {"answers_within": answers_within}
    if options and dataset == "ucdp":
        raise click.UsageError("UCDP has no acts that could answer: leave out --answers-within")
    try:
        click.echo(import_files(dataset, list(files), into, version, partitioned, **options))
    except ImportFailedError as error:
        raise click.ClickException(str(error)) from error


@main.command("open")
@click.argument(
    "folder",
    type=click.Path(path_type=Path),
    default=DIST,
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8321,
    show_default=True,
    help="Port on 127.0.0.1; 0 takes any that is free.",
)
@click.option("--no-browser", is_flag=True, help="Print the address only.")
def open_release(folder: Path, port: int, no_browser: bool) -> None:
    """Serve a release on this machine and open it in the browser, until Ctrl-C.

    FOLDER is what `strike-ledger release` wrote, by default dist/. The report, the codebook and the
    models also open as plain files; the page that asks (query.html) needs this, because a browser
    does not let a page that was opened as a file read the database beside it. Only this machine can
    reach the address. Exit status 1 where the folder holds no release or the port is taken.
    """
    from strike_ledger.serve import ServeError, serve

    try:
        serve(folder, port, browser=not no_browser)
    except ServeError as error:
        raise click.ClickException(str(error)) from error


@main.command()
@click.argument("old", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("new", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the same as JSON, for programs.")
def diff(old: Path, new: Path, as_json: bool) -> None:
    """Tell what differs between OLD and NEW, two database files that `build` made.

    \b
    First a summary; then each table of the record and each view that differs:
      + key                      a row that only NEW has
      - key                      a row that only OLD has
      ~ key                      a row that changed, and under it
          column: old -> new     each cell that did; NULL is no value, '' an empty text

    Rows meet by the keys that this version declares. A table, view or column that only one of the
    two has is named, and what both have is compared. The last lines say whether the step from OLD
    to NEW is a patch, minor or major, and what changed without a correction in NEW.

    Exit status 0 where nothing differs, 1 where something does, 2 where a file cannot be read.
    """  # noqa: D301  click reads \b as "leave these lines as they are"
    import json

    from strike_ledger.diff import UnreadableError, as_data, differences, report, uncorrected

    try:
        found = differences(old, new)
        missing = uncorrected(found, new)
    except UnreadableError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(2)
    click.echo(json.dumps(as_data(found, missing), indent=2) if as_json else report(found, missing))
    sys.exit(1 if found else 0)


@main.command()
@click.argument("strike")
@click.argument("measure", default="killed")
@click.option(
    "--database",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The file to read; by default what STRIKE_LEDGER_DATABASE names, or what `build` made.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the same as JSON, for programs.")
def explain(strike: str, measure: str, database: Path | None, as_json: bool) -> None:
    """Tell which reports stand behind the MEASURE of a STRIKE, which do not, and why.

    STRIKE is an event_id or a part of a strike's name, such as erbil or saravan. MEASURE is killed
    (the default), injured, children_killed, women_killed and so on: a name that is not there is
    answered with the list of those that are.

    \b
    Prints a tree:
      low, best, high and grade, and the rule by which each came about
      the reports that count, by their figure; "<- best" marks the best
      the reports without a figure
      the reports left out, by the reason
      who tells of the harm, who says there was none, who doubts a report
    A report is told as witness (claimant), day: "its words", and its passages.
    JSON has the addresses of the sources too.

    Exit status 0; 2 where there is no such strike or measure, 1 where there is no database.
    """  # noqa: D301  click reads \b as "leave these lines as they are"
    import json

    import duckdb
    from rich.console import Console

    from strike_ledger.explain import explain as explain_estimate

    try:
        explained = explain_estimate(strike, measure, database)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    except (FileNotFoundError, duckdb.Error) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps(explained.as_data(), indent=2, ensure_ascii=False))
    else:
        Console().print(explained)


def run() -> None:
    """Run the command as it is installed: it ends as soon as it is done."""
    ending.run(main)
