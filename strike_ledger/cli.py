"""The command `strike-ledger`."""

import sys
from pathlib import Path

import click

from strike_ledger.declarations import PROJECT, RECORD


@click.group()
@click.version_option(package_name="strike-ledger")
def main() -> None:
    """Check, build and verify the record of the missile strikes of January 2024."""


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
    """Check the record, build every table and view, run every test, put the file in place.

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
@click.argument("old", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("new", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the same as JSON, for programs.")
def diff(old: Path, new: Path, as_json: bool) -> None:
    r"""Tell what differs between OLD and NEW, two database files that `build` made.

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
    """
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
