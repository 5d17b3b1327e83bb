"""The report page: what happened, who says so, and the pictures, all from the views."""

import json
import re
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import altair as alt
import duckdb
import vl_convert
from markupsafe import Markup

from strike_ledger import charts, pages
from strike_ledger.reading import grouped, rows_of

# What is drawn: its name, and the chart for a width. The matrix has one width and scrolls.
_DRAWN: dict[str, Callable[[duckdb.DuckDBPyConnection, int], alt.TopLevelMixin]] = {
    "map": charts.strike_map,
    "timeline": charts.timeline,
    "killed": lambda connection, width: charts.harm(connection, "killed", width),
    "injured": lambda connection, width: charts.harm(connection, "injured", width),
    "reactions": lambda connection, _: charts.reaction_matrix(connection),
}
_WIDTHS = {"wide": charts.WIDE, "narrow": charts.NARROW}
_VEGA_LITE = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
_PICTURE_SCALE = 2


class _Facts:
    """Values of the views as links to the evidence behind them, and words of the record."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Take the connection, and read the names that every part of the page needs."""
        self.connection = connection
        self.labels = {
            (row["code_list"], row["code"]): row["label"]
            for row in self.rows("select code_list, code, label from record.codes")
        }
        self.sources = {
            row["source_id"]: row
            for row in self.rows(
                "from marts.dim_sources order by coalesce(publisher, title), title, source_id"
            )
        }
        self.strikes_of = charts.strikes_of_events(connection)

    def rows(self, query: str, **values: object) -> list[dict]:
        """Give the rows of a query as dictionaries; an unknown value is None."""
        return rows_of(self.connection, query, values or None)

    def number(self, view: str, key: dict[str, str], column: str, href: str) -> Markup:
        """Give one cell of a view as a link; the element names view, key and column.

        Raises ValueError unless the key is that of one row.
        """
        told = " and ".join(f"{name} = ${name}" for name in key)
        found = self.rows(f"select {column} as cell from {view} where {told}", **key)  # noqa: S608
        if len(found) != 1:
            raise ValueError(f"{view} has {len(found)} rows for {key}, and not one")
        return self._linked(
            found[0]["cell"],
            href,
            {"view": view, "key": json.dumps(key, ensure_ascii=False), "column": column},
        )

    def counted(self, query: str, href: str | None = None) -> Markup:
        """Give the one value that a query finds; the element holds the query.

        It is a link, unless it stands where it leads to, within what opens at a click.
        """
        query = " ".join(query.split())
        ((value,),) = self.connection.execute(query).fetchall()
        return self._linked(value, href, {"query": query})

    @staticmethod
    def _linked(value: object, href: str | None, told: dict[str, str]) -> Markup:
        data = Markup("").join(
            Markup(' data-{}="{}"').format(name, content) for name, content in told.items()
        )
        if isinstance(value, date):
            shown = Markup('<time datetime="{}">{}</time>').format(
                value.isoformat(), charts.days(value, value)
            )
        else:
            shown = "unknown" if value is None else value
        if href is None:
            return Markup("<span{}>{}</span>").format(data, shown)
        return Markup('<a class="number" href="#{}"{}>{}</a>').format(href, data, shown)

    def label(self, code_list: str, code: str | None) -> str:
        """Give the label of a code; nothing for none."""
        return self.labels[code_list, code] if code else ""

    def strikes(self, events: Iterable[str | None]) -> str:
        """Give the strikes that events are or take in, as the page's filter reads them."""
        return " ".join(charts.strikes_among(events, self.strikes_of))

    def cited(self, passages: str | None) -> Markup:
        """Give the places named in a `passages` cell, each a link to its source."""
        places = []
        for passage in passages.split("; ") if passages else []:
            source_id, comma, locator = passage.partition(",")
            source = self.sources[source_id]
            places.append(
                Markup('<a href="#{}" title="{}">{}</a>{}{}').format(
                    source_id,
                    source["title"],
                    source["publisher"] or source["title"],
                    comma,
                    locator,
                )
            )
        return Markup("; ").join(places)


def _own_ids(svg: str, prefix: str) -> str:
    """Name the ids within a drawing after it: several stand in one page.

    The renderer numbers them on from drawing to drawing, for as long as the process lives.
    """
    found = re.findall(r'(?:\bid="|url\(#)([^")]+)', svg)
    own = {name: f"{prefix}-{number}" for number, name in enumerate(dict.fromkeys(found))}
    return re.sub(
        r'(\bid="|url\(#)([^")]+)', lambda reference: reference[1] + own[reference[2]], svg
    )


def _light_values() -> dict[str, str]:
    """Give the values that style.css has in light for its custom properties."""
    style = (pages.HERE / "style.css").read_text(encoding="utf-8")
    return dict(re.findall(r"(--[\w-]+): ([^;]+);", style.partition("@media")[0]))


def draw(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, dict]]:
    """Give for each chart and width its Vega specification, and its drawing as SVG."""
    drawn: dict[str, dict[str, dict]] = {}
    for name, chart in _DRAWN.items():
        widths = {"wide": charts.WIDE} if name == "reactions" else _WIDTHS
        for width, pixels in widths.items():
            made = chart(connection, pixels).to_dict()
            spec = vl_convert.vegalite_to_vega(made, vl_version=_VEGA_LITE)
            svg = _own_ids(vl_convert.vega_to_svg(spec), f"{name}-{width}")
            drawn.setdefault(name, {})[width] = {"spec": spec, "svg": svg}
    return drawn


def _write_pictures(drawn: dict[str, dict[str, dict]], folder: Path) -> None:
    """Write each chart, in the light colours, as SVG and PNG."""
    light = _light_values()
    folder.mkdir(parents=True, exist_ok=True)
    for name, widths in drawn.items():
        svg = re.sub(r"var\((--[\w-]+)\)", lambda found: light[found[1]], widths["wide"]["svg"])
        paper = Markup('<rect width="100%" height="100%" fill="{}"/>').format(light["--paper"])
        svg = re.sub(r"(<svg[^>]*>)", rf"\1{paper}", svg, count=1)
        (folder / f"{name}.svg").write_text(svg, encoding="utf-8")
        (folder / f"{name}.png").write_bytes(vl_convert.svg_to_png(svg, scale=_PICTURE_SCALE))


def _inert(value: object) -> Markup:
    """Write JSON that can stand in a script element whatever its texts hold."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c"))  # noqa: S704


def _strikes(facts: _Facts) -> list[dict]:
    return facts.rows(
        """
        select harm.*, events.event_status
        from civilian_harm_by_strike as harm
        inner join marts.fct_events as events using (event_id)
        order by harm.from_date, harm.event
        """
    )


def _places(facts: _Facts) -> list[dict]:
    """Give the places that strikes are said to have hit, with who says so."""
    return facts.rows(
        """
        select
            claims.event_id,
            events.event,
            places.location,
            places.location_kind,
            places.admin1,
            places.admin2,
            places.country_label,
            places.latitude,
            places.longitude,
            places.coordinate_precision,
            drawn.location as drawn_at,
            claims.stance,
            claims.claimant,
            claims.statement_id,
            claims.passages
        from marts.fct_claims as claims
        inner join marts.fct_propositions as said using (proposition_id)
        inner join marts.dim_locations as places on said.value_location_id = places.location_id
        left join marts.dim_locations as drawn on places.drawn_at_id = drawn.location_id
        inner join civilian_harm_by_strike as events on claims.event_id = events.event_id
        where said.topic = 'place'
        order by
            events.from_date,
            events.event,
            places.location,
            claims.claimant,
            claims.statement_id
        """
    )


def _disputes(facts: _Facts) -> list[dict]:
    """Give the disputes, each with its positions, and of these who takes which stance."""
    stances = grouped(
        facts.rows(
            """
            select positions.*, statements.passages
            from intermediate.int_positions as positions
            inner join marts.fct_statements as statements using (statement_id)
            inner join record.codes as stances
                on positions.stance = stances.code and stances.code_list = 'stances'
            order by dispute_id, position_id, stances.sort_order, claimant, statement_id
            """
        ),
        "dispute_id",
    )
    disputes = facts.rows(
        """
        from disputed_facts
        order by
            event_id in (select event_id from civilian_harm_by_strike) desc nulls last,
            event nulls last,
            topic,
            dispute_id
        """
    )
    for dispute in disputes:
        held = stances[dispute["dispute_id"]]
        positions = [
            {"text": rows[0]["position_text"], "stances": grouped(rows, "stance")}
            for rows in grouped(held, "position_id").values()
        ]
        dispute["held"] = sorted(
            positions, key=lambda position: position["text"] != dispute["leading_position"]
        )
        dispute["sources"] = " ".join(
            sorted({source for row in held for source in charts.sources_in(row["passages"])})
        )
    return disputes


def _events(facts: _Facts) -> list[dict]:
    """Give every event, with the reports of people hurt in it and of what was fired."""
    reports = grouped(
        facts.rows(
            """
            select reports.*, casualties.statement_id
            from casualty_reports as reports
            inner join marts.fct_casualties as casualties using (casualty_id)
            inner join record.codes as outcomes
                on reports.outcome = outcomes.code and outcomes.code_list = 'outcomes'
            order by
                outcomes.sort_order,
                reports.part_of_id is not null,
                reports.best nulls last,
                reports.claimant,
                casualty_id
            """
        ),
        "event_id",
    )
    munitions = grouped(
        facts.rows(
            """
            select munitions.*, statements.claimant, statements.passages
            from marts.fct_munitions as munitions
            inner join marts.fct_statements as statements using (statement_id)
            order by munition_kind, figure_low nulls last, claimant, munition_id
            """
        ),
        "event_id",
    )
    events = facts.rows(
        """
        from marts.fct_events
        order by
            event_id not in (select event_id from civilian_harm_by_strike),
            from_date nulls last,
            event
        """
    )
    for event in events:
        event["reports"] = reports.get(event["event_id"], [])
        event["munitions"] = munitions.get(event["event_id"], [])
    return events


def _responders(facts: _Facts) -> list[dict]:
    """Give every responder, with its acts and the kinds of them."""
    acts = facts.rows(
        """
        with

        states as (
            select
                states.response_id,
                list_sort(
                    list(
                        distinct {'claimant': statements.claimant, 'id': statements.statement_id}
                    )
                ) as according_to
            from marts.fct_response_states as states
            inner join marts.fct_statements as statements using (statement_id)
            group by states.response_id
        )

        select
            acts.responder_id,
            acts.act_id,
            any_value(acts.act) as act,
            any_value(acts.response_kind) as response_kind,
            any_value(acts.response_state) as response_state,
            bool_or(acts.is_reversed) as is_reversed,
            any_value(acts.from_date) as from_date,
            any_value(acts.to_date) as to_date,
            any_value(acts.passages) as passages,
            any_value(states.according_to) as according_to,
            list_sort(list(distinct {'event': events.event, 'id': events.event_id})) as events
        from marts.fct_acts as acts
        inner join marts.fct_events as events using (event_id)
        left join states on acts.act_id = states.response_id
        group by acts.responder_id, acts.act_id
        order by from_date nulls last, act, acts.act_id
        """
    )
    by_responder = grouped(acts, "responder_id")
    kinds = grouped(
        facts.rows("from reaction_matrix where n_acts > 0 order by n_acts desc, kind_order"),
        "responder_id",
    )
    responders = facts.rows(
        """
        select
            responder_id,
            any_value(responder) as responder,
            any_value(responder_kind) as responder_kind,
            list(distinct event_id order by event_id) as event_ids
        from reactions_by_country
        group by responder_id
        order by responder, responder_id
        """
    )
    anchored: set[str] = set()
    for responder in responders:
        responder["acts"] = by_responder.get(responder["responder_id"], [])
        responder["kinds"] = kinds.get(responder["responder_id"], [])
        for act in responder["acts"]:
            # A joint act stands with each who did it, and is led to where it stands first.
            act["anchor"] = None if act["act_id"] in anchored else act["act_id"]
            anchored.add(act["act_id"])
    return responders


def _statements(facts: _Facts) -> list[dict]:
    citations = grouped(
        facts.rows(
            """
            from marts.fct_citations
            where cited_table = 'statements'
            order by cited_id, source_id, passage_id
            """
        ),
        "cited_id",
    )
    statements = facts.rows(
        "from marts.fct_statements order by claimant, said_from_date, statement_id"
    )
    for statement in statements:
        statement["citations"] = citations.get(statement["statement_id"], [])
    return statements


def _content(connection: duckdb.DuckDBPyConnection) -> dict[str, object]:
    facts = _Facts(connection)
    return {
        "facts": facts,
        "days": charts.days,
        "worded_range": charts.worded_range,
        "episodes": facts.rows("from record.episodes order by from_date, episode_id"),
        "sources_in": charts.sources_in,
        "strikes": _strikes(facts),
        "places": _places(facts),
        "timeline": charts.timeline_items(connection).to_dict("records"),
        "disputes": grouped(_disputes(facts), "event_id"),
        "missiles": facts.rows(
            "from disputed_facts where topic = 'missiles' order by event, dispute_id"
        ),
        "reversals": facts.rows(
            """
            select
                chain.*,
                datediff('day', undone.to_date, chain.from_date) as days_low,
                datediff('day', undone.from_date, chain.to_date) as days_high
            from escalation_chain as chain
            inner join marts.fct_responses as undone on chain.from_id = undone.response_id
            where chain.link = 'reverses' and chain.status = 'done'
            order by chain.from_item_date, chain.from_item, chain.to_id
            """
        ),
        "attackers": facts.rows(
            """
            select distinct responder_id, responder
            from reactions_by_country
            inner join civilian_harm_by_strike using (event_id)
            where reaction_role = 'attacker' and responder_kind = 'state'
            order by responder
            """
        ),
        "parties": facts.rows(
            """
            select reactions.*
            from reactions_by_country as reactions
            inner join civilian_harm_by_strike as harm using (event_id)
            where reactions.reaction_role <> 'third_party'
            order by harm.from_date, harm.event, reactions.reaction_role, reactions.responder
            """
        ),
        "events": _events(facts),
        "responders": _responders(facts),
        "statements": _statements(facts),
    }


def write(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write `index.html` and `pictures/<chart>.svg` and `.png` into a folder.

    `connection` is open on a built database, read only or not. The same database gives the same
    bytes. The page fetches nothing: style, script, drawings and data stand in it. Raises ValueError
    where no strike has a day, as where none of its sources was read.
    """
    with connection.cursor() as own:
        # The page asks the views a thousand times: each is worked out once, beside the database.
        views = own.execute(
            "select table_name from information_schema.tables "
            "where table_catalog = current_database() and table_schema = 'main' order by all"
        ).fetchall()
        for (view,) in views:
            own.execute(f"create temp table {view} as from main.{view}")
        if not own.execute("select count(from_date) from civilian_harm_by_strike").fetchone()[0]:
            raise ValueError("no strike in this database has a day: there is nothing to report")
        _write(own, folder)


def _write(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    drawn = draw(connection)
    script = (pages.HERE / "report.js").read_text(encoding="utf-8")
    page = pages.render(
        "index.html",
        connection,
        figures={
            name: {
                width: Markup(made["svg"])  # noqa: S704
                for width, made in widths.items()
            }
            for name, widths in drawn.items()
        },
        specs=_inert(
            {
                name: {width: made["spec"] for width, made in widths.items()}
                for name, widths in drawn.items()
            }
        ),
        vega=Markup(  # noqa: S704
            vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=_VEGA_LITE)
        ),
        script=Markup(script),  # noqa: S704
        **_content(connection),
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text(page, encoding="utf-8")
    _write_pictures(drawn, folder / "pictures")
