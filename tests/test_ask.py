"""The page that asks answers as DuckDB does, fetches nothing, and is served on loopback only."""

import csv
import http.client
import json
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from conftest import Copy
from playwright.sync_api import Browser, Error, Page
from readme import ANALYSES

import strike_ledger
from strike_ledger import ask
from strike_ledger.serve import HOST, ServeError, server

COMMAND = Path(sys.executable).with_name("strike-ledger")


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    """Serve a folder, and give its address."""
    with server(folder, 0) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield f"http://{HOST}:{serving.server_port}/"
        serving.shutdown()


class Asked:
    """The page in a browser that reaches nothing but the server, with what it said and sought."""

    def __init__(self, page: Page, address: str) -> None:
        """Open the page and wait until the database is open."""
        self.page, self.address = page, address
        self.complaints: list[str] = []
        self.sought_elsewhere: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self._heard(said.type, said.text))
        page.context.route("**/*", self._let_through)
        page.goto(f"{address}query.html")
        self.wait_for(r"Ready\.")

    def _heard(self, kind: str, said: str) -> None:
        if kind in {"error", "warning"}:
            self.complaints.append(said)

    def _let_through(self, route: object) -> None:
        url = route.request.url
        if url.startswith((self.address, "blob:")):
            route.continue_()
        else:
            self.sought_elsewhere.append(url)
            route.abort()

    def wait_for(self, status: str) -> None:
        """Wait until the status, as a whole, is as this pattern says."""
        self.page.wait_for_function(
            "said => new RegExp(`^(${said})$`).test(document.getElementById('status').innerText)",
            arg=status,
            timeout=20_000,
        )

    def ask(self, sql: str) -> None:
        """Run a query by the keyboard, and wait for an answer or an error."""
        self.page.fill("#sql", sql)
        self.page.press("#sql", "Control+Enter")
        self.wait_for(r"[\d,]+ rows? in [\d.]+ seconds\.|No answer\.")

    def rows(self) -> list[list[str | None]]:
        """Give the cells of the answer as text, the mark of no value as None."""
        return self.page.eval_on_selector_all(
            "#rows tbody tr",
            "rows => rows.map(row => [...row.cells].map("
            "cell => cell.querySelector('.null') ? null : cell.textContent))",
        )

    def error(self) -> str:
        """Give what the page says of an error, or nothing."""
        return self.page.inner_text("#error") if self.page.is_visible("#error") else ""


@pytest.fixture(scope="module")
def asked(browser: Browser, released: Path) -> Iterator[Asked]:
    """Open the page of a release once."""
    with _served(released) as address:
        yield Asked(browser.new_page(), address)


def _as_shown(value: object) -> str | None:
    """Write a value of Python's DuckDB as the page should; floats are compared apart."""
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    assert isinstance(value, str | int | Decimal | date | datetime), type(value)
    return str(value)


def test_every_question_is_answered_as_duckdb_answers_it(
    asked: Asked, released: Path, built: Copy
) -> None:
    """A click on each question gives the cells that Python gets for the analysis, every one."""
    found = sorted((built.folder / "target/compiled/strike_ledger/analyses").glob("*.sql"))
    buttons = asked.page.locator(".questions button")
    assert re.fullmatch(r"DuckDB v1\.\d+\.\d+", asked.page.text_content("#engine"))
    assert len(found) == buttons.count() == len(list(ANALYSES.glob("*.sql")))
    with strike_ledger.connect(released / "strike_ledger.duckdb") as connection:
        for number, path in enumerate(found):
            source = (ANALYSES / path.name).read_text(encoding="utf-8")
            assert buttons.nth(number).inner_text() in " ".join(source.split()), path.name
            buttons.nth(number).click()
            expected = connection.execute(path.read_text(encoding="utf-8"))
            names, rows = [column[0] for column in expected.description], expected.fetchall()
            asked.wait_for(rf"{len(rows):,} rows? in [\d.]+ seconds\.")
            assert asked.page.locator("#rows thead th").all_inner_texts() == names, path.name
            shown = asked.rows()
            for row, cells in zip(rows, shown, strict=True):
                for name, value, cell in zip(names, row, cells, strict=True):
                    same = (
                        float(cell) == value
                        if isinstance(value, float)
                        else cell == _as_shown(value)
                    )
                    assert same, (path.name, name, value, cell)


TYPES = {
    "-4.4::decimal(4,1)": "-4.4",
    "-0.4::decimal(4,1)": "-0.4",
    "36.19123::decimal(8,5)": "36.19123",
    "0::decimal(18,3)": "0.000",
    "9007199254740993::bigint": "9007199254740993",
    "(-17014118346046923173168730371588410)::hugeint": "-17014118346046923173168730371588410",
    "0": "0",
    "null::integer": None,
    "null": None,
    "''": "",
    "'null'": "null",
    "true": "true",
    "0.25::double": "0.25",
    "date '2024-01-15'": "2024-01-15",
    "date '1900-02-28'": "1900-02-28",
    "timestamp '2024-01-15 20:30:00'": "2024-01-15 20:30:00",
    "timestamp '1969-12-31 23:59:59.000250'": "1969-12-31 23:59:59.00025",
    "timestamptz '2024-01-15 20:30:00+00'": "2024-01-15 20:30:00+00",
    "time '23:40:00'": "23:40:00",
    "[1.5, null]": "[1.5, NULL]",
    "{'day': date '2024-01-15', 'n': 2}": "{'day': 2024-01-15, 'n': 2}",
    "map {'a': 1}": "{a=1}",
    "'fair'::enum('fair', 'weak')": "fair",
    "'<img src=x onerror=alert(1)>'": "<img src=x onerror=alert(1)>",
}


def test_a_value_of_each_type_is_shown_as_it_is(asked: Asked) -> None:
    """Decimals keep their point, whole numbers their digits; no value, '' and 0 stay apart."""
    asked.ask("select " + ", ".join(f"{value} as same_name" for value in TYPES))
    assert dict(zip(TYPES, asked.rows()[0], strict=True)) == TYPES
    numbers = asked.page.locator("#rows td.number").all_inner_texts()
    assert numbers == [*list(TYPES.values())[:7], "null", "null", "0.25"]
    assert asked.page.locator("#rows img").count() == 0


def test_long_answers_are_cut_and_said_so_and_the_download_has_all(asked: Asked) -> None:
    """The CSV holds every row, no value empty, an empty text quoted, quotes where they must be."""
    asked.ask(
        "select i, -4.4::decimal(4,1) as d, null as n, '' as e, 'a \"b\", c' || chr(10) || 'é' as t"
        " from range(1234) as r(i)"
    )
    assert len(asked.rows()) == 500
    assert asked.page.inner_text("#rows caption") == (
        "1,234 rows, 5 columns; the first 500 are shown, the download has all."
    )
    with asked.page.expect_download() as download:
        asked.page.click("#download")
    text = download.value.path().read_bytes().decode()
    assert text == "i,d,n,e,t\n" + "".join(f'{i},-4.4,,"","a ""b"", c\né"\n' for i in range(1234))
    asked.ask("select * from marts.fct_events order by event_id")
    with asked.page.expect_download() as download:
        asked.page.click("#download")
    with download.value.path().open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    assert rows == [[cell or "" for cell in row] for row in asked.rows()]
    assert rows
    asked.ask("select * from marts.fct_events where false")
    assert asked.page.inner_text("#status").startswith("0 rows in")


REFUSED = {
    "select no_such_column from timeline": 'Referenced column "no_such_column" not found',
    "selec 1": "syntax error",
    "select '{}'::json": "This needs an extension of DuckDB",
    "from read_parquet('events.parquet')": "This needs an extension of DuckDB",
    "select timestamp '2024-01-15' at time zone 'UTC'": "This needs an extension of DuckDB",
    "load icu": "This needs an extension of DuckDB",
    "from 'https://example.com/a.csv'": "This page reads its own database",
    "attach 'https://example.com/a.duckdb'": "This page reads its own database",
    "set enable_external_access = true": "the configuration has been locked",
    "create table mine (a integer)": "read-only mode",
    "select timestamp '2024-01-15' - timestamp '2024-01-14'": "cast it to text",
    "select 'a'::blob": "cast it to text",
}


def test_what_cannot_be_answered_is_said_at_once(asked: Asked) -> None:
    """A wrong query, an extension, another file: each gives its reason and no old answer stays."""
    asked.ask("select 1")
    assert asked.page.is_visible("#result")
    for sql, reason in REFUSED.items():
        asked.ask(sql)
        assert reason in asked.error(), sql
        assert "Please try installing" not in asked.error()
        assert not asked.page.is_visible("#result"), sql
    asked.ask("select count(*) from civilian_harm_by_strike")
    assert not asked.error()
    assert asked.sought_elsewhere == []


def test_a_query_without_end_is_stopped(asked: Asked) -> None:
    """Stop ends it, and the page answers again; another query meanwhile is put off in words."""
    asked.page.fill("#sql", "select count(*) from range(100000000000) a, range(1000000) b")
    asked.page.click("button.run")
    asked.wait_for(r"Running\.")
    asked.page.press("#sql", "Control+Enter")
    asked.wait_for("The last query is still running: wait for it, or stop it.")
    asked.page.click("#stop")
    asked.wait_for(r"Ready\.")
    asked.ask("select 42")
    assert asked.rows() == [["42"]]
    assert not asked.page.is_visible("#stop")


def test_the_address_holds_the_query(asked: Asked) -> None:
    """Whoever opens the address gets query and answer; Back leads to the query before."""
    asked.ask("select 1 + 1 as two -- 100% & more")
    assert quote_plus("1 + 1 as two -- 100% & more") in asked.page.url
    asked.ask("select 3")
    asked.page.go_back()
    asked.wait_for(r"1 row in [\d.]+ seconds\.")
    assert asked.page.input_value("#sql") == "select 1 + 1 as two -- 100% & more"
    assert asked.rows() == [["2"]]
    asked.page.reload()
    asked.wait_for(r"1 row in [\d.]+ seconds\.")
    assert asked.rows() == [["2"]]


def test_every_table_is_told_with_its_columns(asked: Asked, released: Path) -> None:
    """All views and tables of the three schemas are there with the comments of the database."""
    with strike_ledger.connect(released / "strike_ledger.duckdb") as connection:
        columns = connection.execute(
            """
            select
                if(schema_name = 'main', '', schema_name || '.') || table_name,
                column_name,
                comment
            from duckdb_columns()
            where not internal and schema_name in ('main', 'marts', 'record')
            order by schema_name, table_name, column_index
            """
        ).fetchall()
    told = asked.page.eval_on_selector_all(
        ".tables dt",
        "terms => terms.map(term => [term.closest('details').querySelector('summary').textContent,"
        "term.querySelector('code').textContent, term.nextElementSibling.textContent])",
    )
    assert told == [list(column) for column in columns]
    asked.page.click(".tables > details > summary")
    asked.page.click(".tables details details >> nth=0")
    asked.page.click(".tables [data-sql*='from about ']")
    asked.wait_for(r"1 row in [\d.]+ seconds\.")


def test_the_page_can_be_used_by_all(asked: Asked) -> None:
    """axe-core finds nothing serious, in light and dark; nothing overflows a phone."""
    asked.page.add_script_tag(path=ask.packages() / "axe-core/axe.min.js")
    asked.ask("select * from civilian_harm_by_strike")
    for scheme, width in (("light", 1280), ("dark", 390)):
        asked.page.emulate_media(color_scheme=scheme)
        asked.page.set_viewport_size({"width": width, "height": 844})
        faults = asked.page.evaluate("axe.run().then(found => found.violations)")
        assert [(f["id"], f["nodes"][0]["html"]) for f in faults] == []
        assert asked.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    asked.ask("selec")
    faults = asked.page.evaluate("axe.run('#ask').then(found => found.violations)")
    assert [(f["id"], f["nodes"][0]["html"]) for f in faults] == []


def test_opened_as_a_file_the_page_says_what_it_needs(asked: Asked, released: Path) -> None:
    """Without a server it shows the command; without its database it says which file is missing."""
    page = asked.page.context.browser.new_page()
    page.goto((released / "query.html").as_uri())
    page.wait_for_selector("#error:not([hidden])")
    assert page.is_visible("#unserved pre >> text=strike-ledger open")
    assert "needs a web server" in page.inner_text("#error")
    page.route("**/strike_ledger.duckdb", lambda route: route.fulfill(status=404))
    page.goto(f"{asked.address}query.html")
    page.wait_for_selector("#error:not([hidden])")
    assert "strike_ledger.duckdb is not beside this page" in page.inner_text("#error")
    page.close()


def test_nothing_was_fetched_and_no_script_complained(asked: Asked) -> None:
    """After all of the above no request went elsewhere, and the console holds no error."""
    assert asked.sought_elsewhere == []
    assert asked.complaints == []
    with pytest.raises(Error):  # the guard itself: it does stop and note a request
        asked.page.evaluate("fetch('https://example.com/')")
    assert asked.sought_elsewhere == ["https://example.com/"]


def test_what_is_bundled_carries_its_licence(released: Path) -> None:
    """Each package handed on is named with its version and licence; no other file is there."""
    assert sorted(path.name for path in (released / "ask").iterdir()) == [
        "LICENSES.txt",
        "ask.js",
        "duckdb.wasm",
        "worker.js",
    ]
    lock = json.loads((ask.packages().parent / "package-lock.json").read_text(encoding="utf-8"))
    notices = (released / "ask/LICENSES.txt").read_text(encoding="utf-8")
    for name in ("@duckdb/duckdb-wasm", "apache-arrow", "flatbuffers", "tslib"):
        assert f"{name} {lock['packages'][f'node_modules/{name}']['version']}\n" in notices
    assert "Stichting DuckDB Foundation" in notices
    assert "Apache License" in notices


def _get(address: str, path: str) -> http.client.HTTPResponse:
    """Ask for a path as it stands; a browser or urllib would tidy it first."""
    connection = http.client.HTTPConnection(HOST, int(re.search(r":(\d+)/", address)[1]), timeout=5)
    connection.request("GET", path)
    return connection.getresponse()


def test_the_server_stays_inside_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No path and no link leads out; a browser gets the types it asks for on any system."""
    monkeypatch.setattr("mimetypes.guess_type", lambda _: ("text/of-this-system", None))
    folder = tmp_path / "release"
    (folder / "ask").mkdir(parents=True)
    kinds = {
        "query.html": "text/html; charset=utf-8",
        "ask/ask.js": "text/javascript; charset=utf-8",
        "ask/duckdb.wasm": "application/wasm",
        "strike_ledger.duckdb": "application/octet-stream",
    }
    for name in kinds:
        (folder / name).write_text("public", encoding="utf-8")
    (tmp_path / "outside.txt").write_text("not public", encoding="utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    with _served(folder) as address:
        for name, kind in kinds.items():
            answer = _get(address, f"/{name}")
            assert (answer.status, answer.headers["Content-Type"]) == (200, kind)
        for path in (
            "/../outside.txt",
            "/%2e%2e/outside.txt",
            "/ask/../../outside.txt",
            "/link.txt",
        ):
            answer = _get(address, path)
            assert answer.status == 404, path
            assert b"not public" not in answer.read()


def test_the_server_listens_on_loopback_only(released: Path) -> None:
    """It is bound to 127.0.0.1, and says so when its port is taken."""
    with server(released, 0) as serving:
        assert serving.socket.getsockname()[0] == "127.0.0.1"
        with pytest.raises(ServeError, match=r"port \d+ cannot be used .*choose another"):
            server(released, serving.server_port)


def test_open_says_what_it_needs(tmp_path: Path) -> None:
    """A folder without a release is named, with the command that makes one."""
    told = subprocess.run(
        [COMMAND, "open", tmp_path, "--no-browser", "--port", "0"],
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    assert (told.returncode, told.stdout) == (1, "")
    assert f"{tmp_path} holds no release" in told.stderr
    assert "strike-ledger release" in told.stderr


def test_open_serves_until_it_is_interrupted(released: Path) -> None:
    """The command prints an address that answers, and Ctrl-C ends it without a traceback."""
    with subprocess.Popen(
        [COMMAND, "open", released, "--port", "0", "--no-browser"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        address = re.search(r"http://127\.0\.0\.1:\d+/", running.stdout.readline())[0]
        assert _get(address, "/query.html").status == 200
        running.send_signal(signal.SIGINT)
        said, complaint = running.communicate(timeout=10)
    assert (running.returncode, complaint) == (0, "")
    assert said.endswith("Ended.\n")
