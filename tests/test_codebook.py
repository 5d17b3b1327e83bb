"""The codebook tells all that is declared, the diagram every key, and no page seeks a host."""

import csv
import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pandas as pd
import pytest
import yaml
from conftest import Copy
from playwright.sync_api import Browser, Page

import strike_ledger
from strike_ledger import ask, codebook
from strike_ledger.declarations import MARTS, PROJECT, RECORD, REPORTS, VOCABULARY, tables
from strike_ledger.reading import SCHEMAS
from strike_ledger.reading import released as released_tables

_WITHOUT_END = {"wbr", "meta", "link", "input", "br", "hr"}


class Read(HTMLParser):
    """A page as read: the text under each id, how many rows of tables, and where its links go."""

    def __init__(self, path: Path) -> None:
        """Read a file."""
        super().__init__()
        self.text: dict[str, str] = {}
        self.n_rows: dict[str, int] = {}
        self.links: list[str] = []
        self.twice: list[str] = []
        self.tags: set[str] = set()
        self._open: list[tuple[str, str | None]] = []
        self.feed(path.read_text(encoding="utf-8"))
        self.text = {name: " ".join(text.split()) for name, text in self.text.items()}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an id or a link, and count a row for whatever is open."""
        given = dict(attrs)
        name = given.get("id")
        self.tags.add(tag)
        if name in self.text:
            self.twice.append(name)
        if name:
            self.text[name], self.n_rows[name] = "", 0
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag not in _WITHOUT_END:
            self._open.append((tag, name))
        if tag == "tr":
            for _, opened in self._open:
                if opened:
                    self.n_rows[opened] += 1

    def handle_endtag(self, tag: str) -> None:
        """Close an element; each must have been the last one opened."""
        if self._open:
            assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        """Add a text to every element that is open."""
        for _, opened in self._open:
            if opened:
                self.text[opened] += data


def _plain(text: str) -> str:
    """Give a text as a page shows it: code without its marks, doc blocks in place."""
    blocks = (PROJECT / "models/columns.md").read_text(encoding="utf-8")
    for name in re.findall(r"{{ doc\('(\w+)'\) }}", text):
        found = re.search(rf"{{% docs {name} %}}(.*?){{% enddocs %}}", blocks, re.DOTALL)
        text = text.replace(f"{{{{ doc('{name}') }}}}", found[1].strip())
    return " ".join(re.sub(r"[`*]", "", text).split())


def _written(folder: Path, database: Path) -> Path:
    folder.mkdir()
    with strike_ledger.connect(database) as connection:
        codebook.write(connection, folder)
    return folder / codebook.PAGE


@pytest.fixture(scope="module")
def path(built: Copy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the codebook of the built database."""
    return _written(tmp_path_factory.mktemp("codebook") / "dist", built.database)


@pytest.fixture(scope="module")
def page(path: Path) -> Read:
    """Give the codebook as read."""
    return Read(path)


@pytest.fixture(scope="module")
def declared() -> list[tuple[Path, dict]]:
    """Give every YAML file of tables of a release, with its content as it stands there."""
    paths = [path for folder in (RECORD, VOCABULARY) for path in (PROJECT / folder).glob("*.yml")]
    models = (PROJECT / "models").glob("*/*.yml")
    paths += (path for path in models if path.parent.name != "context")
    return [(path, yaml.safe_load(path.read_text(encoding="utf-8"))) for path in paths]


def test_every_table_and_column_is_told(page: Read, declared: list[tuple[Path, dict]]) -> None:
    """Each table and column of any YAML has its place, with its description and its rules."""
    n_columns = 0
    for _, content in declared:
        for node in content.get("seeds", []) + content.get("models", []):
            name = node["name"]
            assert _plain(node["description"]) in page.text[name], name
            for column in node.get("columns", ()):
                n_columns += 1
                shown = page.text[f"{name}.{column['name']}"]
                assert _plain(column["description"]) in shown, (name, column["name"])
                meta = column.get("config", {}).get("meta", {})
                for limit in ("minimum", "maximum", "pattern", "code_list", "hxl"):
                    assert str(meta.get(limit, "")) in shown, (name, column["name"], limit)
                target = meta.get("references", "")
                assert target in shown or target == "qualifiers.code", (name, column["name"])
            rules = node.get("config", {}).get("meta", {}).get("rules", [])
            assert sum(key.startswith(f"{name}-rule-") for key in page.text) == len(rules)
            for number, rule in enumerate(rules, start=1):
                shown = page.text[f"{name}-rule-{number}"]
                problem = " ".join(re.sub(r"[{}]", "", rule["problem"]).split())
                for told in (f"{rule['column']}: {problem}.", rule["remedy"], rule["holds"]):
                    assert " ".join(told.split()) in shown, (name, rule)
    assert n_columns > 500


def test_every_code_is_told(page: Read) -> None:
    """Each code, qualifier and mapped act has its place, with its meaning."""

    def rows(name: str) -> list[dict[str, str]]:
        with (PROJECT / f"seeds/{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    for row in [*rows("codes"), *({"code_list": "qualifiers"} | row for row in rows("qualifiers"))]:
        shown = page.text[f"list.{row['code_list']}.{row['code']}"]
        for column in ("code", "label", "definition"):
            assert " ".join(row[column].split()) in shown, row
        assert f"#list.{row['code_list']}" in page.links
    for row in rows("action_crosswalk"):
        shown = page.text[f"crosswalk.{row['response_kind']}"]
        for value in row.values():
            assert value in shown, row
        assert (row["cameo_code"] == "") + (row["plover_event"] == "") <= shown.count(" none")


def test_every_rule_and_unit_test_is_told(page: Read, declared: list[tuple[Path, dict]]) -> None:
    """RULES.md is there with every chapter and number; each unit test with all of its rows."""
    rules = (PROJECT / "RULES.md").read_text(encoding="utf-8")
    titles = re.findall(r"^## (.+?)(?: \(`.+\))?$", rules, re.MULTILINE)
    assert len(titles) > 5
    shown = page.text["main"]
    for title in titles:
        assert any(key.startswith("rules.") and title in page.text[key] for key in page.text), title
    for paragraph in rules.splitlines()[1:]:
        if paragraph and not paragraph.startswith(("#", "|")):
            number, text = re.match(r"(?:(\d+)\. )?(.*)", paragraph).groups()
            assert _plain(text) in (page.text[f"rule.{number}"] if number else shown), paragraph
    n_tests = 0
    for _, content in declared:
        for test in content.get("unit_tests", ()):
            n_tests += 1
            key = f"test.{test['model']}.{test['name']}"
            shown = page.text[key]
            assert test["name"].replace("_", " ").lower() in shown.lower()
            assert _plain(test["description"]) in shown
            given = [rows.get("rows") or [] for rows in test["given"]]
            every = [*given, test["expect"]["rows"]]
            assert page.n_rows[key] == sum(len(rows) + bool(rows) for rows in every), key
            for row in [row for rows in every for row in rows]:
                for column, value in row.items():
                    told = "empty" if value is None else " ".join(str(value).split())
                    told = told.lower() if isinstance(value, bool) else told
                    assert column in shown, (key, row)
                    assert told in shown, (key, row)
    assert n_tests == sum(key.startswith("test.") for key in page.text) > 100


def test_links_lead_somewhere(page: Read) -> None:
    """Each link within the page has its end, no id stands twice; others lead to pages beside it."""
    inside = {link[1:] for link in page.links if link.startswith("#")}
    assert len(inside) > 500
    assert inside <= set(page.text)
    assert page.twice == []
    beside = {link for link in page.links if not link.startswith("#")}
    assert beside == {"index.html", "query.html", "codebook.html", "dbt_docs.html"}


@pytest.fixture(scope="module")
def frames(built: Copy) -> dict[str, pd.DataFrame]:
    """Give the rows of every table and view."""
    with strike_ledger.connect(built.database) as connection:
        return {
            name: connection.execute(f"from {SCHEMAS[table.folder]}.{name}").df()
            for name, table in released_tables().items()
        }


def test_what_it_counts_is_so(page: Read, frames: dict[str, pd.DataFrame]) -> None:
    """Rows and empty cells are those of the database, and "never" empty is never empty there."""
    for name, frame in frames.items():
        assert f"{name} {len(frame):,} row" in page.text[name]
        for column, n in frame.isna().sum().items():
            shown = page.text[f"{name}.{column}"]
            if shown.endswith(" never"):
                assert n == 0, (name, column)
            elif len(frame):
                assert shown.endswith(f"; {n or 'none'} of {len(frame)} here"), (name, column)


def test_codes_of_a_column_are_those_of_its_list(frames: dict[str, pd.DataFrame]) -> None:
    """Whatever stands in a column is a code of the lists that the page gives for it."""
    codes = frames["codes"].groupby("code_list")["code"].agg(set).to_dict()
    codes["qualifiers"] = set(frames["qualifiers"]["code"])
    n_columns = 0
    for name, table in released_tables().items():
        for column in table.columns:
            lists = codebook.closed_by(column, codes)
            if lists:
                n_columns += table.folder in (REPORTS, MARTS)
                known = set().union(*(codes[code_list] for code_list in lists))
                assert set(frames[name][column.name].dropna()) <= known, (name, column.name)
    assert n_columns > 80


def test_a_view_leads_to_its_rules(page: Read, path: Path) -> None:
    """From the headline figure a reader comes to what it is made from, and to the rules behind."""
    shown = page.text["civilian_harm_by_strike"]
    assert "int_harm_estimates" in shown
    for chapter in ("From a report to its bounds", "Whose word it is", "How well harm is attested"):
        assert chapter in shown
    assert "Reactions" not in shown
    assert "Read by int_casualties_bounded" in page.text["casualties"]
    assert path.stat().st_size < 3_000_000


def test_text_stays_text(built: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Angle brackets in a description, a rule or a code are shown and not obeyed."""
    about, casualties = tables(REPORTS)["about"], tables(RECORD)["casualties"]
    marked = "One <blink>row</blink> & `a<b`."
    monkeypatch.setitem(
        tables(REPORTS),
        "about",
        replace(
            about,
            description=marked,
            columns=tuple(replace(column, description=marked) for column in about.columns),
        ),
    )
    rule = replace(casualties.rules[0], problem=marked, remedy=marked, holds=marked)
    monkeypatch.setitem(tables(RECORD), "casualties", replace(casualties, rules=(rule,)))
    database = tmp_path / built.database.name
    shutil.copyfile(built.database, database)
    with duckdb.connect(str(database)) as connection:
        connection.execute("update record.codes set label = '<blink>', definition = '<blink>'")
    read = Read(_written(tmp_path / "dist", database))
    assert "blink" not in read.tags
    for key in ("about", "about.title", "casualties-rule-1", "list.outcomes.killed"):
        assert "<blink>" in read.text[key], key


def test_the_same_database_gives_the_same_bytes(path: Path, shuffled: Path, tmp_path: Path) -> None:
    """However the rows of the database lie, the codebook is the same to the byte."""
    assert _written(tmp_path / "again", shuffled).read_bytes() == path.read_bytes()


def test_the_diagram_is_the_keys_of_the_database(built: Copy) -> None:
    """Each key and reference that DuckDB enforces is drawn, with its kind, and no other."""
    drawn = codebook.diagram()
    boxes = {
        name: [line.split() for line in body.splitlines() if line.strip()]
        for name, body in re.findall(r"^    (\w+) {\n(.*?)^    }", drawn, re.DOTALL | re.MULTILINE)
    }
    keys = {
        (name, column)
        for name, lines in boxes.items()
        for _, column, *kind in lines
        if "PK" in " ".join(kind)
    }
    edges = re.findall(r"^    (\w+) (\|\||\|o)--o{ (\w+) : \"(\w+)\"$", drawn, re.MULTILINE)
    assert len(drawn.splitlines()) == 2 + sum(len(b) + 2 for b in boxes.values()) + len(edges)
    constraint = (
        "select table_name, unnest(constraint_column_names), referenced_table "
        "from duckdb_constraints() where schema_name = 'marts' and constraint_type = ?"
    )
    with strike_ledger.connect(built.database) as connection:
        primary = connection.execute(constraint, ["PRIMARY KEY"]).fetchall()
        foreign = connection.execute(constraint, ["FOREIGN KEY"]).fetchall()
        filled = connection.execute(constraint, ["NOT NULL"]).fetchall()
    filled = {(table, column) for table, column, _ in [*filled, *primary]}
    assert set(boxes) == set(tables(MARTS))
    assert keys == {(table, column) for table, column, _ in primary}
    assert len(foreign) > 30
    assert sorted(edges) == sorted(
        (other, "||" if (table, column) in filled else "|o", table, column)
        for table, column, other in foreign
    )
    assert drawn in (PROJECT / "README.md").read_text(encoding="utf-8")


def test_the_page_of_the_models_tells_nothing_of_the_run(released: Path, built: Copy) -> None:
    """Of whatever differs from run to run (folders, hours, ids) dbt's page has nothing left."""
    told = (released / "dbt_docs.html").read_text(encoding="utf-8")
    assert "int_harm_estimates" in told
    hours = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+|\b\d{10}\.\d+"
    ids = r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"
    folders = [re.escape(str(folder)) for folder in (built.folder.parent, released.parent)]
    for trace in (hours, ids, *folders):
        assert not re.search(trace, told), trace


def test_traces_of_a_run_are_taken_out() -> None:
    """What differs from run to run goes, the rest stays in one order; an odd page is refused."""
    page = (
        "<link href=\"${require('./assets/favicons/favicon.ico')}\"/>"
        '<use xlink:href="{{ getIcon(kind) }}"></use>'
        'var n={manifest:{"nodes": [{"name": "b", "created_at": 1795384602.75, '
        '"compiled_path": "/home/me/b.sql"}]},catalog:{"b": 1, "a": "}"}},r={project:{}}'
    )
    assert codebook.static_docs(page) == (
        '<link href="data:,"/><use ng-attr-xlink:href="{{ getIcon(kind) }}"></use>'
        'var n={manifest:{"nodes": [{"name": "b"}]},catalog:{"a": "}", "b": 1}},r={project:{}}'
    )
    for part in ("favicon.ico", "<use xlink:href", "{manifest:", ",catalog:"):
        with pytest.raises(ValueError, match="dbt's page has changed"):
            codebook.static_docs(page.replace(part, ""))


def _opened(browser: Browser, path: Path, **options: object) -> tuple[Page, list[str]]:
    """Open a file in a page; give it with a list of whatever it seeks or complains of."""
    page = browser.new_page(**options)
    noted: list[str] = []
    own = path.as_uri()
    page.on("request", lambda sought: noted.append(sought.url) if sought.url != own else None)
    page.on("pageerror", lambda error: noted.append(str(error)))
    page.on("console", lambda said: noted.append(said.text))
    page.goto(own)
    return page, noted


def test_the_page_of_the_models_works_offline(browser: Browser, released: Path) -> None:
    """Its tree and a model are shown; it seeks nothing and complains of nothing."""
    path = released / "dbt_docs.html"
    page, noted = _opened(browser, path)
    page.goto(f"{path.as_uri()}#!/model/model.strike_ledger.civilian_harm_by_strike")
    page.wait_for_selector("h1:has-text('civilian_harm_by_strike')")
    page.wait_for_selector("text=One row is a strike.")
    icons = page.eval_on_selector_all(
        "use", "all => all.map(use => use.getAttribute('xlink:href')).filter(to => to)"
    )
    assert icons
    assert all(icon.startswith("#icn-") for icon in icons), icons
    assert noted == []
    page.close()


def test_filter_and_addresses(browser: Browser, path: Path) -> None:
    """The filter leaves what has the words; an address within a folded part unfolds it."""
    page, noted = _opened(browser, path)
    everything = page.locator(".item:visible").count()
    page.fill("#filter", "killed_best witnesses")
    left = page.locator("tr.item:visible")
    assert 0 < left.count() < everything / 20
    assert page.locator("[id='civilian_harm_by_strike.killed_best_witnesses']").is_visible()
    assert not page.locator("[id='civilian_harm_by_strike.killed_low']").is_visible()
    assert not page.locator("[id='about.title']").is_visible()
    n_left = page.locator(".group:visible").count()
    assert page.inner_text("#found").startswith(f"{n_left} of ")
    page.fill("#filter", "no such word anywhere")
    assert page.locator(".group:visible").count() == 0
    page.fill("#filter", "")
    assert page.locator(".item:visible").count() == everything
    folded = "test.int_harm_estimates.the_lowest_figure"
    page.goto(f"{path.as_uri()}#{folded}")
    page.wait_for_selector(f"[id='{folded}'][open]")
    assert noted == []
    page.close()


@pytest.mark.parametrize("width", [1280, 768, 390])
def test_it_fits_the_window(browser: Browser, path: Path, width: int) -> None:
    """Nothing sticks out at the side, also without scripts, and then no dead filter is shown."""
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": width, "height": 900}
    )
    page = context.new_page()
    page.goto(path.as_uri())
    assert page.locator("main").bounding_box()["width"] <= width
    assert page.locator("[id='civilian_harm_by_strike.killed_best']").is_visible()
    assert not page.locator("#filter").is_visible()
    context.close()
    page, noted = _opened(browser, path, viewport={"width": width, "height": 900})
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert noted == []
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_by_everyone(browser: Browser, path: Path, scheme: str) -> None:
    """axe-core finds no fault in light or dark, in a part of each kind with all of it unfolded."""
    page, _ = _opened(browser, path, color_scheme=scheme)
    kinds = "#about, #fct_acts, #casualties, #staging, [id='list.sexes'], #crosswalk, #steps"
    page.evaluate(
        "kinds => { for (const group of document.querySelectorAll('.group'))"
        " if (group.matches(kinds)) group.querySelectorAll('details').forEach(d => d.open = true);"
        " else group.remove() }",
        kinds,
    )
    page.add_script_tag(path=ask.packages() / "axe-core/axe.min.js")
    found = page.evaluate("axe.run().then(result => result.violations)")
    told = [(fault["id"], fault["impact"], fault["nodes"][0]["html"][:200]) for fault in found]
    assert told == []
    page.close()
