"""The pages of a release: one frame and one style for all of them."""

from pathlib import Path

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from strike_ledger.reading import rows_of

HERE = Path(__file__).resolve().parent
# Every page that leads to the others, by its file, in the order of the navigation.
PAGES = {
    "index.html": "Report",
    "query.html": "Ask",
    "codebook.html": "Codebook",
    "dbt_docs.html": "Models",
}


def render(page: str, connection: duckdb.DuckDBPyConnection, **content: object) -> str:
    """Fill the template `<page>.jinja` within the common frame, and give the HTML.

    Text is escaped; only what is wrapped in `Markup` goes in as it is. `connection` is open on a
    built database, of which the frame tells version, licence and citation. A name that the template
    uses and nobody gave raises jinja2.UndefinedError.
    """
    templates = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=select_autoescape(["html.jinja"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    (about,) = rows_of(connection, "select * from about")
    style = Markup((HERE / "style.css").read_text(encoding="utf-8"))  # noqa: S704
    return templates.get_template(f"{page}.jinja").render(
        about=about, pages=PAGES, here=page, style=style, **content
    )
