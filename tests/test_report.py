"""The report page, as a reader has it: in Chromium, offline, with and without scripts."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from conftest import Copy
from content import rewritten
from playwright.sync_api import Browser, Page

from strike_ledger import ask, charts, report
from strike_ledger.declarations import PROJECT

ERBIL = "evt_iran_on_erbil"
CHARTS = ["map", "timeline", "killed", "injured", "reactions"]


def written(database: Path, folder: Path) -> Path:
    """Write the page of a database, and give its folder."""
    with duckdb.connect(str(database), read_only=True) as connection:
        report.write(connection, folder)
    return folder


@pytest.fixture(scope="module")
def folder(built: Copy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a page written from the built database."""
    return written(built.database, tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def views(built: Copy) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection of its own, on which each view is worked out once."""
    with duckdb.connect(str(built.database), read_only=True) as connection:
        names = connection.execute(
            "select view_name from duckdb_views() where schema_name = 'main' and not internal"
        ).fetchall()
        for (name,) in names:
            connection.execute(f"create temp table {name} as from main.{name}")
        yield connection


class Visit:
    """A page that is open, what it asked for, and what it told the console."""

    def __init__(
        self, browser: Browser, folder: Path, width: int = 1280, **options: object
    ) -> None:
        """Open the page offline; with scripts, wait until the charts are live."""
        size = {"width": width, "height": 900}
        context = browser.new_context(viewport=size, offline=True, **options)
        self.page: Page = context.new_page()
        self.asked: list[str] = []
        self.told: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.told.append(message.text))
        self.page.on("pageerror", lambda error: self.told.append(str(error)))
        self.address = (folder / "index.html").as_uri()
        self.page.goto(self.address)
        if options.get("java_script_enabled", True):
            self.page.wait_for_selector("html[data-drawn]", state="attached")

    def choose(self, parameter: str, value: str) -> None:
        """Choose in the bar of filters, and wait until charts and tables have followed."""
        self.page.select_option(f"#filters [name={parameter}]", value)
        self.page.wait_for_function(
            "value => document.documentElement.dataset.filtered.includes(value)", arg=value
        )

    def marks(self, chart: str) -> list[dict]:
        """Give the rows behind the marks that a live chart shows."""
        return self.page.evaluate(
            """name => {
                const rows = [];
                for (const mark of document.querySelectorAll(`#${name} svg *`)) {
                    const datum = mark.__data__?.datum;
                    if (datum?.evidence) rows.push({...datum});
                }
                return rows;
            }""",
            chart,
        )

    def rows(self, selector: str) -> list[dict]:
        """Give id and filters of the rows that are not hidden."""
        return self.page.evaluate(
            """selector => [...document.querySelectorAll(selector)]
                .filter(row => !row.hidden)
                .map(row => ({id: row.id, ...row.dataset}))""",
            selector,
        )


@pytest.fixture(scope="module")
def visit(browser: Browser, folder: Path) -> Visit:
    """Give the page as it opens on a wide screen in light."""
    return Visit(browser, folder)


def test_every_number_is_the_one_of_its_view(
    visit: Visit, views: duckdb.DuckDBPyConnection
) -> None:
    """Every number that names a view or a query holds what the view or the query gives."""
    numbers = visit.page.evaluate(
        """() => [...document.querySelectorAll("[data-view], [data-query]")].map(number => ({
            ...number.dataset,
            told: number.querySelector("time")?.dateTime ?? number.textContent,
            leads: number.tagName === "A"
                ? document.getElementById(decodeURIComponent(number.hash.slice(1))) !== null
                : number.closest("summary") !== null,
        }))"""
    )
    assert len(numbers) > 300
    wrong = []
    for number in numbers:
        if "query" in number:
            found = views.execute(number["query"]).fetchall()
        else:
            key = json.loads(number["key"])
            where = " and ".join(f"{name} = ${name}" for name in key)
            query = f"select {number['column']} from {number['view']} where {where}"
            found = views.execute(query, key).fetchall()
        told = "unknown" if found[0][0] is None else str(found[0][0])
        if len(found) != 1 or told != number["told"] or not number["leads"]:
            wrong.append((number, found))
    assert not wrong


def test_no_number_of_the_sentences_stands_without_its_view(visit: Visit) -> None:
    """In the five sentences, and in the table of strikes, every digit is in such an element."""
    left = visit.page.evaluate(
        """() => [...document.querySelectorAll(".sentences, .strikes tbody td:not(:nth-child(2))")]
            .map(part => {
                const copy = part.cloneNode(true);
                for (const number of copy.querySelectorAll("[data-view], [data-query]")) {
                    number.remove();
                }
                return copy.textContent;
            })"""
    )
    assert len(left) > 1
    assert not [text for text in left if re.search(r"\d", text)]
    assert visit.page.locator(".sentences li").count() == 5


def test_every_link_within_the_page_leads_somewhere(visit: Visit) -> None:
    """No fragment is without its target, and no id stands twice."""
    lost, twice = visit.page.evaluate(
        """() => {
            const ids = [...document.querySelectorAll("[id]")].map(part => part.id);
            const known = new Set(ids);
            const links = [...document.querySelectorAll('a[href^="#"]')];
            return [
                links.map(link => decodeURIComponent(link.getAttribute("href").slice(1)))
                    .filter(id => !known.has(id)),
                ids.filter((id, index) => ids.indexOf(id) !== index),
            ];
        }"""
    )
    assert lost == []
    assert twice == []


def test_nothing_is_fetched_and_the_console_is_silent(browser: Browser, folder: Path) -> None:
    """Opening the page, filtering and following a number asks for nothing but the page."""
    visit = Visit(browser, folder)
    visit.choose("strike", ERBIL)
    visit.page.click("#filters button")
    visit.page.click(".sentences a.number >> nth=3")
    assert {url.partition("#")[0] for url in visit.asked} == {visit.address}
    assert visit.told == []


def test_a_strike_leaves_only_its_marks_and_rows(
    browser: Browser, folder: Path, views: duckdb.DuckDBPyConnection
) -> None:
    """Choosing a strike keeps what is of it, or of several strikes with it, and nothing else."""
    visit = Visit(browser, folder)
    assert any(ERBIL not in row["strikes"] for row in visit.marks("killed"))
    visit.choose("strike", ERBIL)
    for chart in ("map", "timeline", "killed", "injured"):
        marks = visit.marks(chart)
        assert marks, chart
        assert all(ERBIL in row["strikes"] for row in marks), chart
    (n_reports,) = views.execute(
        "select count(*) from casualty_reports "
        "where event_id = $event and outcome = 'killed' and part_of_id is null",
        {"event": ERBIL},
    ).fetchone()
    assert len({row["evidence"] for row in visit.marks("killed")}) == n_reports
    upon = {
        row[0]
        for row in views.execute(
            "select distinct responder from reactions_by_country where event_id in "
            "($event, 'evt_iran_on_iraq_and_syria', 'evt_iran_strike_series')",
            {"event": ERBIL},
        ).fetchall()
    }
    assert {row["responder"] for row in visit.marks("reactions")} <= upon
    kept = visit.rows("[data-strikes]")
    assert kept
    assert all(ERBIL in row["strikes"].split() for row in kept)
    visit.page.reload()
    visit.page.wait_for_selector("html[data-filtered]", state="attached")
    assert visit.page.input_value("#filters [name=strike]") == ERBIL


def test_a_source_leaves_only_what_rests_on_it(
    browser: Browser, folder: Path, views: duckdb.DuckDBPyConnection
) -> None:
    """Choosing a source keeps the reports, acts, disputes and statements that it tells."""
    visit = Visit(browser, folder)
    visit.choose("source", "src_mei_article")
    kept = {row["id"] for row in visit.rows("tr[data-sources]") if row["id"].startswith("cas_")}
    told = views.execute(
        "select casualty_id from casualty_reports where passages like '%src_mei_article%'"
    ).fetchall()
    assert kept == {casualty for (casualty,) in told}
    (n_killed,) = views.execute(
        "select count(*) from casualty_reports inner join civilian_harm_by_strike using (event_id) "
        "where passages like '%src_mei_article%' and outcome = 'killed' and part_of_id is null"
    ).fetchone()
    assert len({row["evidence"] for row in visit.marks("killed")}) == n_killed > 0
    assert all("src_mei_article" in row["sources"].split() for row in visit.rows("[data-sources]"))


def test_a_responder_leaves_only_its_acts(browser: Browser, folder: Path) -> None:
    """Choosing a responder keeps its row of the matrix, its bars and its acts."""
    visit = Visit(browser, folder)
    visit.choose("responder", "act_iraq")
    assert {row["responder"] for row in visit.marks("reactions")} == {"Iraq"}
    bars = visit.marks("timeline")
    assert bars
    assert all("act_iraq" in row["responders"] for row in bars)
    acts = visit.rows("details[data-responders]")
    assert [row["responders"] for row in acts] == ["act_iraq"]


def test_the_matrix_counts_as_its_view(visit: Visit, views: duckdb.DuckDBPyConnection) -> None:
    """Each numbered cell of the live matrix is a row of the view, and each empty one is a 0."""
    shown = {
        (row["responder"], row["response_kind_label"]): row["n_acts"]
        for row in visit.marks("reactions")
        if "n_acts" in row
    }
    told = views.execute(
        "select responder, response_kind_label, n_acts from reaction_matrix where n_acts > 0"
    ).fetchall()
    rows = {responder for responder, _ in shown}
    assert shown == {(responder, kind): n for responder, kind, n in told if responder in rows}
    silent = views.execute(
        "select responder from reactions_by_country "
        "where reaction_role <> 'third_party' and responder_kind = 'state'"
    ).fetchall()
    assert {responder for (responder,) in silent} <= rows


def test_without_scripts_the_page_is_whole(browser: Browser, folder: Path) -> None:
    """Without scripts each drawing is seen, no filter is, and a number opens its evidence."""
    page = Visit(browser, folder, java_script_enabled=False).page
    for chart in CHARTS:
        drawings = page.locator(f"#{chart} svg:visible")
        assert drawings.count() == 1, chart
        assert drawings.first.bounding_box()["height"] > 150, chart
    assert not page.locator("#filters").is_visible()
    link = page.locator('.sentences a[data-column="killed_best"]').first
    evidence = page.locator(link.get_attribute("href"))
    assert not evidence.is_visible()
    link.click()
    assert evidence.is_visible()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing_serious(browser: Browser, folder: Path, scheme: str, width: int) -> None:
    """In light on a wide screen and in dark on a phone, axe-core finds no serious fault."""
    page = Visit(browser, folder, width, color_scheme=scheme).page
    page.evaluate("document.querySelectorAll('.disputes').forEach(one => one.open = true)")
    page.evaluate((ask.packages() / "axe-core/axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then(told => told.violations)")
    serious = [
        (fault["id"], fault["nodes"][0]["html"][:200])
        for fault in found
        if fault["impact"] in ("serious", "critical")
    ]
    assert serious == []


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_the_page_does_not_scroll_sideways(browser: Browser, folder: Path, width: int) -> None:
    """What is wider than the screen scrolls in a box of its own."""
    page = Visit(browser, folder, width).page
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_dark_differs_by_style_alone(browser: Browser, folder: Path) -> None:
    """A chart's title is dark on light, and light on dark, without another drawing."""
    seen = {}
    for scheme in ("light", "dark"):
        page = Visit(browser, folder, color_scheme=scheme).page
        seen[scheme] = page.evaluate(
            "getComputedStyle(document.querySelector('#killed .role-title-text text')).fill"
        )
    assert seen["light"] != seen["dark"]


def test_text_of_the_record_is_inert(built: Copy, browser: Browser, tmp_path: Path) -> None:
    """Markup in a name, a wording or a label is shown as text, in the page and in the drawings."""
    spoiled = tmp_path / "spoiled" / built.database.name
    spoiled.parent.mkdir()
    rewritten(built.database, spoiled, "")
    planted = "</script><script>window.planted = 1</script><img src=x onerror='window.planted = 1'>"
    with duckdb.connect(str(spoiled)) as connection:
        for table, column in [
            ("civilian_harm_by_strike", "event"),
            ("marts.fct_events", "event"),
            ("casualty_reports", "claimant"),
            ("casualty_reports", "wording"),
            ("reaction_matrix", "responder"),
            ("timeline", "item"),
            ("marts.dim_sources", "title"),
        ]:
            connection.execute(f"update {table} set {column} = {column} || $1", [planted])
    visit = Visit(browser, written(spoiled, tmp_path / "page"))
    visit.choose("strike", ERBIL)
    assert visit.page.evaluate("window.planted") is None
    assert visit.page.locator("img").count() == 0
    assert planted in visit.page.text_content(f"details:has(> #event-{ERBIL}) > summary")
    assert {url.partition("#")[0] for url in visit.asked} == {visit.address}


def test_the_same_database_gives_the_same_bytes(
    shuffled: Path, folder: Path, tmp_path: Path
) -> None:
    """Written again, from the same rows in another order, page and pictures are byte for byte."""
    again = written(shuffled, tmp_path / "again")
    names = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(again) for path in again.rglob("*") if path.is_file())
    differing = [
        name for name in names if (folder / name).read_bytes() != (again / name).read_bytes()
    ]
    assert differing == []


def test_pictures_stand_alone(browser: Browser, folder: Path) -> None:
    """Each chart has a PNG and an SVG, on paper of their own, with marks of several colours."""
    page = browser.new_page()
    assert {path.stem for path in (folder / "pictures").iterdir()} == set(CHARTS)
    for chart in CHARTS:
        svg = (folder / "pictures" / f"{chart}.svg").read_text(encoding="utf-8")
        assert "var(" not in svg
        page.goto((folder / "pictures" / f"{chart}.png").as_uri())
        colours = page.evaluate(
            """() => {
                const image = document.querySelector("img");
                const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
                const drawing = canvas.getContext("2d");
                drawing.drawImage(image, 0, 0);
                const pixels = drawing.getImageData(0, 0, canvas.width, canvas.height).data;
                const seen = new Set();
                for (let at = 0; at < pixels.length; at += 4) {
                    if (pixels[at + 3] !== 255) return "see-through";
                    seen.add((pixels[at] << 16) | (pixels[at + 1] << 8) | pixels[at + 2]);
                }
                return [canvas.width, seen.size];
            }"""
        )
        assert colours[0] > 1400
        assert colours[1] > 50
    page.close()


def test_the_page_is_of_a_sane_size(folder: Path) -> None:
    """The page stays below four megabytes, and the borders below eighty kilobytes."""
    assert (folder / "index.html").stat().st_size < 4e6
    assert charts.BORDERS.stat().st_size < 80e3


def test_ranges_in_words() -> None:
    """A bound that nobody gives is said to be unknown, and is never a zero."""
    assert charts.worded_range(2, 4, 5) == "2 to 5, best 4"
    assert charts.worded_range(0, 0, 0) == "0"
    assert charts.worded_range(2, 2, None) == "2 or more, best 2"
    assert charts.worded_range(2, None, None) == "2 or more, best unknown"
    assert charts.worded_range(None, 17, 17) == "up to 17, best 17"
    assert charts.worded_range(None, None, None) == "unknown"


def test_every_value_of_severity_has_a_step() -> None:
    """Every Goldstein value of the crosswalk lies within what its step is called."""
    numbers = r"\N{MINUS SIGN}?[\d.]+"
    with (PROJECT / "seeds/action_crosswalk.csv").open(encoding="utf-8", newline="") as lines:
        values = [row["goldstein"] for row in csv.DictReader(lines)]
    for value in filter(None, values):
        bounds = [
            float(number.replace("\N{MINUS SIGN}", "-"))
            for number in re.findall(numbers, charts.severity(float(value)))
        ]
        assert min(bounds) <= float(value) <= max(bounds), value
    assert charts.severity(None) == "no value"
