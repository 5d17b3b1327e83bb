"""The charts of the report page, made by Altair from the views.

Colours are custom properties of style.css, so that one drawing serves light and dark; report.py
puts the light values in their place for pictures. `WIDE` and `NARROW` are the widths, in pixels,
that the page asks for. Every chart has the parameters `strike`, `source` and `responder`, empty
for all, which the page sets.
"""

import json
import math
import textwrap
from collections.abc import Iterable
from datetime import date

import altair as alt
import duckdb
import pandas as pd

from strike_ledger.pages import HERE

WIDE, NARROW = 720, 340
NEAR = 6.0  # degrees of longitude within which two names on the map would meet
BORDERS = HERE / "borders.json"
# What the timeline begins with; it ends with the last return of an ambassador.
FIRST_EVENT = "evt_kerman_attack"
PARAMETERS = ("strike", "source", "responder")
_FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
_DOT = 7  # pixels that one report takes
_MANY = 14  # figures above which a narrow axis names every other one
_WEEK = 7
_NO_FIGURE = -3  # where reports without a figure begin, left of zero

# The last Goldstein value of each step of severity; the values have one decimal place.
_SEVERITY_ENDS = (-7.6, -4.6, -2.6, -0.6, 0.5, 4.5, 10.0)
_NO_VALUE = "no value"


def _themed(chart: alt.Chart, width: int, title: str, *subtitle: str) -> alt.Chart:
    """Give the chart its title, wrapped to its width, its parameters and the page's colours."""
    titles = textwrap.wrap(title, width // 8)
    subtitles = [part for line in subtitle for part in textwrap.wrap(line, width // 6)]
    return (
        chart.add_params(*(alt.param(name=name, value="") for name in PARAMETERS))
        .properties(
            title=alt.TitleParams(titles, subtitle=subtitles, anchor="start", offset=10),
            background="transparent",
            padding=2,
        )
        .configure(font=_FONT, aria=False)
        .configure_title(
            color="var(--ink)",
            fontSize=15,
            subtitleColor="var(--quiet)",
            subtitleFontSize=12,
            subtitlePadding=5,
            subtitleLineHeight=16,
        )
        .configure_axis(
            labelColor="var(--quiet)",
            titleColor="var(--quiet)",
            titleFontWeight="normal",
            labelFontSize=11,
            titleFontSize=11,
            gridColor="var(--line)",
            domainColor="var(--line)",
            tickColor="var(--line)",
        )
        .configure_legend(
            labelColor="var(--ink)",
            titleColor="var(--quiet)",
            titleFontWeight="normal",
            labelFontSize=11,
            titleFontSize=11,
        )
        .configure_header(labelColor="var(--quiet)", titleColor="var(--quiet)")
        .configure_text(color="var(--ink)", fontSize=12)
        .configure_view(stroke=None)
    )


def _chosen(*names: str) -> str:
    """Say in Vega's language that a row belongs to what is chosen in each of the parameters."""
    return " && ".join(f"(!{name} || indexof(datum.{name}s, {name}) >= 0)" for name in names)


def strikes_of_events(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Give for each event the strikes it is or takes in, by their ids, sorted."""
    found = connection.execute(
        """
        with recursive members as (
            select event_id, event_id as member_id from marts.fct_events
            union
            select members.event_id, events.event_id
            from members
            inner join marts.fct_events as events on members.member_id = events.part_of_id
        )
        select members.event_id, list(member_id order by member_id)
        from members
        where member_id in (select event_id from civilian_harm_by_strike)
        group by members.event_id
        """
    ).fetchall()
    return dict(found)


def strikes_among(events: Iterable[str | None], members: dict[str, list[str]]) -> list[str]:
    """Give the strikes that events are or take in, sorted, by what `strikes_of_events` gave."""
    return sorted({strike for event in events for strike in members.get(event, [])})


def sources_in(passages: str | None) -> list[str]:
    """Give the ids of the sources named in a `passages` cell."""
    return [part.split(",")[0] for part in passages.split("; ")] if passages else []


def days(start: date | None, end: date | None) -> str:
    """Write the interval of a date in words, and one day as that day."""
    if start is None or end is None:
        return "day unknown"
    last = f"{end.day} {end:%B %Y}"
    if start == end:
        return last
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day} to {last}"
    return f"{start.day} {start:%B %Y} to {last}"


def anchor(item_id: str) -> str:
    """Give the place on the page where the evidence for an event or an act stands."""
    return f"event-{item_id}" if item_id.startswith("evt_") else item_id


def strike_map(connection: duckdb.DuckDBPyConnection, width: int) -> alt.LayerChart:
    """Draw where the strikes are said to have hit, as precisely as the record knows it.

    A point whose spot is told is a dot, one told of a locality a ring; a place without coordinates
    is drawn where `dim_locations` says, as a ring too. Of a strike for which that leaves nothing
    only the country is shaded, and the name says so.
    """
    borders = json.loads(BORDERS.read_text(encoding="utf-8"))
    struck = connection.execute(
        """
        select distinct
            harm.event_id,
            harm.event,
            places.location,
            places.country_label,
            countries.m49,
            points.location as drawn_at,
            points.latitude,
            points.longitude,
            places.drawn_basis = 'own' and points.coordinate_precision = 'exact' as is_exact
        from civilian_harm_by_strike as harm
        inner join marts.fct_propositions as said
            on harm.event_id = said.event_id and said.topic = 'place'
        inner join marts.dim_locations as places on said.value_location_id = places.location_id
        inner join record.countries as countries on places.country = countries.iso3
        left join marts.dim_locations as points on places.drawn_at_id = points.location_id
        order by harm.event, places.location
        """
    ).df()
    struck["strikes"] = struck["event_id"].map(lambda event: [event])
    struck["evidence"] = struck["event_id"].map(anchor)
    located = (
        struck.dropna(subset=["latitude"])
        .groupby(["event_id", "event", "drawn_at", "latitude", "longitude", "is_exact"])
        .agg(
            location=("location", ", ".join),
            strikes=("strikes", "first"),
            evidence=("evidence", "first"),
        )
        .reset_index()
    )
    wide = width >= WIDE
    # On a phone there is room for a number, with its strike above the map.
    order = list(dict.fromkeys(struck["event"]))
    name = {
        event: textwrap.fill(event, 23) if wide else str(number)
        for number, event in enumerate(order, start=1)
    }
    key = () if wide else [f"{number}: {event}" for event, number in name.items()]
    # Each strike is named once, at the widest of its marks, and strikes at one point together.
    labels = (
        located.sort_values(["is_exact", "longitude"])
        .drop_duplicates("event_id")
        .groupby(["longitude", "latitude"])
        .agg(
            strikes=("event_id", list),
            label=("event", lambda ones: ("\n" if wide else ", ").join(name[one] for one in ones)),
        )
        .reset_index()
    )
    near = labels["longitude"].diff().lt(NEAR)
    labels["side"] = near.map({True: "left", False: "center"})
    labels.loc[near.shift(-1, fill_value=False), "side"] = "right"
    unlocated = struck[~struck["event_id"].isin(located["event_id"])]
    shaded = (
        unlocated.groupby(["m49", "country_label"])
        .agg(
            strikes=("event_id", lambda ids: sorted(set(ids))),
            events=("event", lambda names: sorted(set(names))),
            places=("location", lambda names: ", ".join(sorted(set(names)))),
        )
        .reset_index()
        .to_dict("records")
    )
    features = {feature["id"]: feature for feature in borders["features"]}
    areas = [{**features[row["m49"]], **row, "events": "; ".join(row["events"])} for row in shaded]
    notes = pd.DataFrame(
        [
            {
                "longitude": features[row["m49"]]["properties"]["label"][0],
                "latitude": features[row["m49"]]["properties"]["label"][1],
                "strikes": row["strikes"],
                "note": ("\n" if wide else ", ").join(name[event] for event in row["events"]),
            }
            for row in shaded
        ]
    )
    names = pd.DataFrame(
        [
            {
                "longitude": feature["properties"]["label"][0],
                "latitude": feature["properties"]["label"][1],
                "name": feature["properties"]["name"],
            }
            for feature in borders["features"]
            if "label" in feature["properties"]
        ]
    )
    size, reach = (12, 10) if wide else (11, 0)
    height = round(width * 0.52)
    places = (
        alt.Chart(located)
        .encode(
            longitude="longitude:Q",
            latitude="latitude:Q",
            tooltip=[
                alt.Tooltip("event:N", title="Strike"),
                alt.Tooltip("location:N", title="Places named"),
                alt.Tooltip("drawn_at:N", title="Drawn at"),
            ],
        )
        .transform_filter(_chosen("strike"))
    )
    layers = [
        alt.Chart(alt.Data(values=[{}]))
        .mark_rect(fill="var(--water)")
        .encode(x=alt.value(0), x2=alt.value(width), y=alt.value(0), y2=alt.value(height)),
        alt.Chart(alt.Data(values=borders["features"])).mark_geoshape(
            fill="var(--land)", stroke="var(--border)", strokeWidth=0.7, clip=True
        ),
        alt.Chart(alt.Data(values=areas))
        .transform_filter(_chosen("strike"))
        .mark_geoshape(
            fill="var(--shade)",
            stroke="var(--force)",
            strokeDash=[5, 3],
            strokeWidth=1.2,
            clip=True,
        )
        .encode(
            tooltip=[
                alt.Tooltip("events:N", title="Strikes"),
                alt.Tooltip("places:N", title="Places named, without coordinates"),
            ]
        ),
        alt.Chart(names)
        .mark_text(color="var(--quiet)", fontSize=size - 1, fontStyle="italic", dy=-size)
        .encode(longitude="longitude:Q", latitude="latitude:Q", text="name:N"),
        alt.Chart(notes)
        .transform_filter(_chosen("strike"))
        .mark_text(lineBreak="\n", lineHeight=size + 2, fontSize=size, dy=2, baseline="top")
        .encode(longitude="longitude:Q", latitude="latitude:Q", text="note:N"),
        *(
            places.mark_point(
                shape="circle", cursor="pointer", size=size, stroke=stroke, strokeWidth=w, fill=fill
            ).transform_filter(which)
            for which, size, stroke, w, fill in (
                ("!datum.is_exact", 260, "var(--force)", 2, "var(--shade)"),
                ("datum.is_exact", 60, "var(--sheet)", 1, "var(--force)"),
            )
        ),
        *(
            alt.Chart(labels.iloc[[number]])
            .encode(longitude="longitude:Q", latitude="latitude:Q", text="label:N")
            .transform_filter(_chosen("strike"))
            .mark_text(
                lineBreak="\n",
                lineHeight=size + 2,
                baseline="bottom",
                align=label.side,
                dx={"left": -reach, "center": 0, "right": reach}[label.side],
                dy=-12 - (size + 2) * label.label.count("\n"),
                fontSize=size,
                **halo,
            )
            for number, label in enumerate(labels.itertuples())
            for halo in ({"stroke": "var(--land)", "strokeWidth": 3}, {})
        ),
    ]
    west, east, south, north = 32.0, 72.0, 22.9, 40.4
    scale = width / math.radians(east - west)
    chart = alt.layer(*layers).project(
        type="mercator", scale=scale, center=[(west + east) / 2, (south + north) / 2]
    )
    return _themed(
        chart.properties(width=width, height=height),
        width,
        "Where the strikes are said to have hit",
        "● a spot that somebody gives   ○ somewhere in or around the locality (ring not to scale)",
        "shaded, dashed: somewhere in this country; the record holds no coordinates",
        *key,
    )


def _packed(reports: pd.DataFrame, per_row: int, step: float) -> pd.DataFrame:
    """Lay the reports of one figure side by side, and the further ones in rows below."""
    reports = reports.sort_values(
        ["event_id", "place", "is_used", "casualty_id"], ascending=[True, True, False, True]
    )
    alike = reports.groupby(["event_id", "place"])
    number = alike.cumcount()
    middle = (alike["place"].transform("size").clip(upper=per_row) - 1) / 2
    is_worded = reports["place"] == _NO_FIGURE
    reports["x"] = reports["place"] + (number % per_row - middle) * step
    wide = per_row * 2
    reports.loc[is_worded, "x"] = _NO_FIGURE + (number % wide) * step
    reports["line"] = number // per_row
    reports.loc[is_worded, "line"] = number // wide
    return reports


def harm(connection: duckdb.DuckDBPyConnection, outcome: str, width: int) -> alt.VConcatChart:
    """Draw the range of the killed, or of the injured, of each strike above every report of it.

    `outcome` is `killed` or `injured`. A range whose upper end nobody bounds ends in an arrow. A
    report stands at its best figure; those that give none stand left of zero.
    """
    strikes = connection.execute(
        f"""
        select
            event_id,
            event,
            {outcome}_low as low,
            {outcome}_best as best,
            {outcome}_high as high,
            {outcome}_best_witnesses as n_witnesses
        from civilian_harm_by_strike
        order by from_date, event
        """  # noqa: S608
    ).df()
    reports = connection.execute(
        """
        select
            reports.casualty_id,
            reports.event_id,
            reports.event,
            reports.claimant,
            coalesce(reports.witness, 'draws on others') as witness,
            reports.wording,
            reports.low,
            reports.best,
            reports.high,
            coalesce(tolls.is_counted, false)
            and (reports.best is null or tolls.figure is not null) as is_used,
            case
                when reports.is_used and not tolls.is_counted
                    then 'Draws on others: counts for its group alone.'
                when reports.is_used and reports.best is not null and tolls.figure is null
                    then 'Tells of some alone: counts for them, not for everyone.'
                else reports.use_explained
            end as use_explained,
            reports.passages
        from casualty_reports as reports
        inner join marts.fct_casualties as told on reports.casualty_id = told.casualty_id
        left join intermediate.int_statement_tolls as tolls
            on
                told.statement_id = tolls.statement_id
                and told.event_id = tolls.event_id
                and told.outcome = tolls.outcome
                and tolls.victim_group = 'everyone'
        where
            reports.outcome = $outcome
            and reports.part_of_id is null
            and reports.event_id in (select event_id from civilian_harm_by_strike)
        order by reports.casualty_id
        """,
        {"outcome": outcome},
    ).df()
    figures = pd.concat([reports["best"], strikes["best"], strikes["high"]]).dropna()
    last = int(figures.max()) if len(figures) else 1
    domain = [_NO_FIGURE - 0.5, last + 1.5]
    wide = width >= WIDE
    per_unit = width / (domain[1] - domain[0])
    per_row = max(1, int(per_unit // _DOT))
    reports["place"] = reports["best"].fillna(_NO_FIGURE).astype(int)
    reports = _packed(reports, per_row, _DOT / per_unit)
    head, under = 34, 16  # pixels: the name above the range, and the range above the reports
    step = head + under + _DOT * len(reports["line"].unique()) + 6
    reports["y"] = head + under + _DOT * reports["line"]
    reports["form"] = "figure"
    reports.loc[reports["high"].isna() & reports["best"].notna(), "form"] = "no upper bound"
    reports.loc[reports["low"].isna() & reports["best"].notna(), "form"] = "no lower bound"
    reports.loc[reports["best"].isna(), "form"] = "no figure"
    reports["figure"] = [
        worded_range(*bounds)
        for bounds in zip(reports["low"], reports["best"], reports["high"], strict=True)
    ]
    reports["strikes"] = reports["event_id"].map(lambda event: [event])
    reports["sources"] = reports["passages"].map(sources_in)
    reports["evidence"] = reports["casualty_id"]
    strikes["strikes"] = strikes["event_id"].map(lambda event: [event])
    has_reports = strikes["event_id"].isin(reports["event_id"])
    strikes["told"] = [
        worded_range(*bounds) if told else "nothing recorded"
        for *bounds, told in zip(
            strikes["low"], strikes["best"], strikes["high"], has_reports, strict=True
        )
    ]
    strikes["until"] = strikes["high"].astype("Float64").fillna(domain[1] - 0.4)
    strikes["is_open"] = strikes["high"].isna()
    strikes["y"] = head
    strikes["y_name"] = 10
    strikes["y_told"] = 10 if wide else 23
    has_bound = strikes["low"].notna()
    drawn = strikes[has_bound]
    y = alt.Y(
        "event:N",
        sort=list(strikes["event"]),
        axis=None,
        scale=alt.Scale(paddingInner=0, paddingOuter=0),
    )

    def level(field: str) -> alt.YOffset:
        return alt.YOffset(f"{field}:Q", scale=alt.Scale(domain=[0, step], range=[0, step]))

    words = "in words" if wide else "words"
    x = alt.X(
        "x:Q",
        scale=alt.Scale(domain=domain, nice=False, zero=False),
        axis=alt.Axis(
            title=f"{outcome}, as reported",
            values=[_NO_FIGURE, *range(0, last + 1, 1 if wide or last < _MANY else 2)],
            labelExpr=f"datum.value < 0 ? '{words}' : format(datum.value, 'd')",
            labelAlign=alt.condition("datum.value < 0", alt.value("left"), alt.value("center")),
            orient="top",
            grid=True,
            labelOverlap=False,
            tickCount=last + 2,  # or Vega leaves values out
            gridOpacity=alt.condition("datum.value < 0", alt.value(0), alt.value(1)),
            domain=False,
            ticks=False,
        ),
    )
    ranges = alt.Chart(drawn).transform_filter(_chosen("strike")).encode(y=y)
    open_ends = ranges.transform_filter("datum.is_open")
    dots = (
        alt.Chart(reports.drop(columns=["passages", "low", "best", "high", "place", "line"]))
        .transform_filter(_chosen("strike", "source"))
        .encode(
            y=y,
            yOffset=level("y"),
            x=x,
            shape=alt.Shape(
                "form:N",
                legend=None,
                scale=alt.Scale(
                    domain=["figure", "no upper bound", "no lower bound", "no figure"],
                    range=["circle", "triangle-right", "triangle-left", "square"],
                ),
            ),
            tooltip=[
                alt.Tooltip("event:N", title="Strike"),
                alt.Tooltip("claimant:N", title="Claimant"),
                alt.Tooltip("witness:N", title="Witness"),
                alt.Tooltip("wording:N", title="Wording"),
                alt.Tooltip("figure:N", title="Taken as"),
                alt.Tooltip("use_explained:N", title="Use"),
            ],
        )
    )
    name = {"align": "left", "fontWeight": "bold", "fontSize": 12.5}
    told = {"align": "right" if wide else "left", "color": "var(--quiet)"}
    end = alt.value(width if wide else 0)
    layers = [
        ranges.mark_text(**name).encode(x=alt.value(0), yOffset=level("y_name"), text="event:N"),
        ranges.mark_text(**told).encode(x=end, yOffset=level("y_told"), text="told:N"),
        ranges.mark_rule(strokeWidth=5, color="var(--range)")
        .encode(x=alt.X("low:Q"), x2="until:Q", yOffset=level("y"))
        .transform_filter("!datum.is_open"),
        open_ends.mark_rule(strokeWidth=5, strokeDash=[5, 3], color="var(--range)").encode(
            x=alt.X("low:Q"), x2="until:Q", yOffset=level("y")
        ),
        open_ends.mark_point(
            shape="triangle-right", filled=True, size=90, color="var(--range)", opacity=1
        ).encode(x=alt.X("until:Q"), yOffset=level("y")),
        ranges.mark_tick(
            thickness=3.5, height=15, color="var(--force)", orient="vertical", opacity=1
        )
        .encode(x=alt.X("best:Q"), yOffset=level("y"))
        .transform_filter("isValid(datum.best)"),
        *(
            dots.transform_filter(which).mark_point(
                size=26, cursor="pointer", fill=fill, stroke=stroke, strokeWidth=1.2, opacity=1
            )
            for which, fill, stroke in (
                ("datum.is_used", "var(--used)", "var(--used)"),
                ("!datum.is_used", "var(--paper)", "var(--aside)"),
            )
        ),
    ]
    silent = (
        alt.Chart(strikes[~has_bound])
        .transform_filter(_chosen("strike"))
        .encode(y=alt.Y("event:N", sort=list(strikes["event"]), axis=None))
        .properties(width=width, height=alt.Step(22 if wide else 36))
    )
    silence = silent.mark_text(**name, dy=0 if wide else -7).encode(
        x=alt.value(0), text="event:N"
    ) + silent.mark_text(**told, dy=0 if wide else 7).encode(x=end, text="told:N")
    return _themed(
        alt.vconcat(
            alt.layer(*layers).properties(width=width, height=alt.Step(step)), silence, spacing=6
        ).resolve_scale(y="independent"),
        width,
        f"{outcome.capitalize()} in each strike: the range, and every report",
        "bar: low to high; dashed with ►: no upper bound; thick tick: best (most witnesses)",
        "● figure   ► at least   ◄ at most   ■ in words;  filled: counts; hollow: set aside",
    )


def worded_range(low: float | None, best: float | None, high: float | None) -> str:
    """Say a range in words; a bound that is missing is said to be unknown."""
    low, best, high = (None if pd.isna(bound) else int(bound) for bound in (low, best, high))
    if low is not None and low == high:
        return str(low)
    if low is None and high is None:
        return "unknown" if best is None else f"best {best}, bounds unknown"
    span = (
        f"{low} to {high}"
        if low is not None and high is not None
        else f"{low} or more"
        if high is None
        else f"up to {high}"
    )
    return f"{span}, best {best}" if best is not None else f"{span}, best unknown"


# The states and regions that attacked or were struck in a strike.
_PARTIES = """
parties as (
    select distinct reactions.responder_id
    from reactions_by_country as reactions
    inner join civilian_harm_by_strike using (event_id)
    where reactions.reaction_role <> 'third_party'
)"""

_TIMELINE = f"""
with
{_PARTIES},

bounds as (
    select
        coalesce(
            (select from_date from marts.fct_events where event_id = $first_event),
            min(from_date)
        ) as first_date,
        coalesce(
            (
                select max(to_date) from marts.fct_responses
                where response_kind = 'restore_ambassadors'
            ),
            max(to_date)
        ) as last_date
    from civilian_harm_by_strike
),

acts as (
    select
        act_id as item_id,
        list(distinct event_id order by event_id) as event_ids,
        list(distinct responder_id order by responder_id) as responders
    from marts.fct_acts
    where
        not is_military
        and rung in ('coercion', 'cooperation')
        and responder_id in (select responder_id from parties)
    group by act_id
),

items as (
    select
        item_id,
        event_ids,
        responders,
        (select any_value(rung) from marts.fct_acts where act_id = item_id) as rung
    from acts

    union all

    select
        events.event_id,
        [events.event_id],
        coalesce(
            list(distinct actors.actor_id order by actors.actor_id)
            filter (where actors.event_role = 'attacker'),
            []
        ),
        'force'
    from marts.fct_events as events
    left join marts.fct_event_actors as actors on events.event_id = actors.event_id
    where events.event_kind in ('strike', 'attack', 'killing', 'bombardment', 'explosion')
    group by events.event_id
)

select
    items.item_id,
    items.event_ids,
    items.responders,
    items.rung,
    timeline.item,
    timeline.kind,
    timeline.from_date,
    timeline.to_date,
    timeline.date_precision,
    timeline.actors,
    timeline.status,
    timeline.passages,
    bounds.first_date,
    bounds.last_date
from items
inner join timeline on items.item_id = timeline.item_id
cross join bounds
where timeline.from_date between bounds.first_date and bounds.last_date
order by timeline.from_date, timeline.to_date, items.rung desc, timeline.item, items.item_id
"""  # noqa: S608


def timeline_items(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Give what the timeline shows, in order: strikes and attacks, and the parties' main acts.

    Main are the acts on the rungs coercion and cooperation.
    """
    items = connection.execute(_TIMELINE, {"first_event": FIRST_EVENT}).df()
    members = strikes_of_events(connection)
    items["strikes"] = items["event_ids"].map(lambda events: strikes_among(events, members))
    items["evidence"] = items["item_id"].map(anchor)
    items["actors"] = items["actors"].fillna("")
    items["responders"] = items["responders"].map(list)
    items["sources"] = items["passages"].map(sources_in)
    items["days"] = [
        days(start.date(), end.date())
        for start, end in zip(items["from_date"], items["to_date"], strict=True)
    ]
    return items


def timeline(connection: duckdb.DuckDBPyConnection, width: int) -> alt.LayerChart:
    """Draw what `timeline_items` gives as the days in which each may lie.

    The bar is the interval of the date: one day where the day is known. It is dashed where only
    one side asserts the event, or nobody reports the act as done.
    """
    items = timeline_items(connection)
    first = items["first_date"].iloc[0] - pd.Timedelta(days=1)
    last = items["last_date"].iloc[0] + pd.Timedelta(days=2)
    after = items["to_date"] + pd.Timedelta(days=1)
    items["start"] = (items["from_date"] - first).dt.days
    items["end"] = (after.where(after < last, last) - first).dt.days
    glyphs = {"force": "■", "coercion": "▲", "cooperation": "●"}
    items["label"] = items["rung"].map(glyphs) + "  " + items["item"]
    items["is_unsure"] = ~items["status"].isin(["happened", "done"])
    items["is_one_day"] = items["from_date"] == items["to_date"]
    wide = width >= WIDE
    left, step, dy = (372, 19, 0) if wide else (0, 31, -9)
    rows = items[
        [
            "item_id", "evidence", "label", "item", "kind", "rung", "start", "end", "days",
            "date_precision", "actors", "status", "strikes", "responders", "sources",
            "is_unsure", "is_one_day",
        ]
    ]  # fmt: skip
    base = (
        alt.Chart(rows)
        .transform_filter(_chosen(*PARAMETERS))
        .encode(y=alt.Y("item_id:N", sort=list(rows["item_id"]), axis=None))
    )
    scale = alt.Scale(
        domain=list(glyphs), range=["var(--force)", "var(--coercion)", "var(--cooperation)"]
    )
    tooltip = [
        alt.Tooltip("item:N", title="What"),
        alt.Tooltip("days:N", title="When"),
        alt.Tooltip("date_precision:N", title="Precision"),
        alt.Tooltip("actors:N", title="By"),
        alt.Tooltip("status:N", title="Status"),
    ]
    x = alt.X(
        "start:Q",
        scale=alt.Scale(domain=[0, (last - first).days], range=[left, width], nice=False),
        axis=alt.Axis(
            title=None,
            values=list(range(0, (last - first).days, _WEEK)),
            labelExpr=f"utcFormat({int(first.timestamp() * 1000)} + datum.value * 864e5, '%-d %b')",
            labelAlign="left",
            orient="top",
            domain=False,
        ),
    )
    bars = base.encode(x=x, x2="end:Q", tooltip=tooltip)
    offset = 0 if wide else 6
    layers = [
        base.mark_text(align="left", baseline="middle", dy=dy, limit=(left or width) - 8).encode(
            x=alt.value(0), text="label:N"
        ),
        bars.transform_filter("!datum.is_unsure")
        .mark_bar(height=9, opacity=1, yOffset=offset, cornerRadius=1, cursor="pointer")
        .encode(
            color=alt.Color("rung:N", legend=None, scale=scale),
            fillOpacity=alt.condition("datum.is_one_day", alt.value(1), alt.value(0.55)),
        ),
        bars.transform_filter("datum.is_unsure")
        .mark_bar(
            height=8,
            fill="var(--paper)",
            strokeWidth=1.5,
            strokeDash=[3, 2],
            yOffset=offset,
            opacity=1,
            cursor="pointer",
        )
        .encode(stroke=alt.Stroke("rung:N", legend=None, scale=scale)),
    ]
    return _themed(
        alt.layer(*layers).properties(width=width, height=alt.Step(step)),
        width,
        "From the attack in Kerman to the return of the ambassadors",
        "■ strikes and attacks   ▲ coercion   ● cooperation (acts of the parties to the strikes)",
        "bar: the days in which it may lie",
        "dashed: only one side asserts it, or nobody reports it as done",
    )


def _severity_names() -> list[str]:
    """Give the steps of severity as the legend calls them."""
    first = (-10.0, *(end + 0.1 for end in _SEVERITY_ENDS))
    return [
        f"{start:.3g} to {end:.3g}".replace("-", "\N{MINUS SIGN}")
        for start, end in zip(first, _SEVERITY_ENDS, strict=False)
    ]


def severity(goldstein: float | None) -> str:
    """Give the step of severity that a Goldstein value falls on, as the legend calls it."""
    if pd.isna(goldstein):
        return _NO_VALUE
    steps = zip(_SEVERITY_ENDS, _severity_names(), strict=True)
    return next(name for end, name in steps if goldstein <= end)


def matrix_frames(connection: duckdb.DuckDBPyConnection) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the cells of the matrix and the acts in them.

    The rows are the parties to the strikes, then every other state, region or body of states with
    two acts or more; the columns every kind of act that one of these is recorded with.
    """
    cells = connection.execute(
        f"""
        with
        {_PARTIES},

        shown as (
            select
                responder_id,
                sum(n_acts) as n_all,
                responder_id in (select responder_id from parties) as is_party
            from reaction_matrix
            where responder_kind in ('state', 'autonomous_region', 'body_of_states')
            group by responder_id
            having n_all > 1 or is_party
        )

        select
            matrix.responder_id,
            matrix.responder,
            matrix.response_kind,
            matrix.response_kind_label,
            matrix.kind_order,
            matrix.goldstein,
            rungs.label as rung,
            rungs.sort_order as rung_order,
            matrix.n_acts,
            shown.is_party,
            shown.n_all
        from reaction_matrix as matrix
        inner join shown on matrix.responder_id = shown.responder_id
        inner join record.codes as rungs
            on matrix.rung = rungs.code and rungs.code_list = 'rungs'
        qualify sum(matrix.n_acts) over (partition by matrix.response_kind) > 0
        order by shown.is_party desc, shown.n_all desc, matrix.responder, matrix.response_kind
        """  # noqa: S608
    ).df()
    cells["goldstein"] = cells["goldstein"].astype(float)
    acts = connection.execute(
        """
        select
            responder_id,
            response_kind,
            act_id,
            any_value(act) as act,
            list(distinct event_id order by event_id) as event_ids,
            string_agg(distinct passages, '; ' order by passages) as passages
        from marts.fct_acts
        group by responder_id, response_kind, act_id
        order by responder_id, response_kind, act_id
        """
    ).df()
    members = strikes_of_events(connection)
    acts["strikes"] = acts["event_ids"].map(lambda events: strikes_among(events, members))
    acts["sources"] = acts["passages"].map(sources_in)
    upon = connection.execute(
        """
        select responder_id, list(distinct event_id order by event_id) as event_ids
        from reactions_by_country
        group by responder_id
        """
    ).fetchall()
    strikes = {responder: strikes_among(events, members) for responder, events in upon}
    cells["strikes"] = cells["responder_id"].map(strikes)
    cells["responders"] = cells["responder_id"].map(lambda responder: [responder])
    cells["evidence"] = "acts-" + cells["responder_id"]
    cells["severity"] = cells["goldstein"].map(severity)
    acts = acts.merge(
        cells.drop(columns=["strikes", "n_acts"]), on=["responder_id", "response_kind"]
    )
    return cells, acts.drop(columns=["event_ids", "passages"])


def reaction_matrix(connection: duckdb.DuckDBPyConnection) -> alt.FacetChart:
    """Draw who is recorded with how many acts of which kind, coloured by severity.

    A cell without an act holds a small dot: the responder is in the record, and no such act is.
    """
    cells, acts = matrix_frames(connection)
    responders = list(dict.fromkeys(cells["responder"]))
    columns = cells.sort_values(
        ["rung_order", "goldstein", "kind_order"], ascending=[False, True, True]
    )
    rungs = list(dict.fromkeys(columns["rung"]))
    kinds = list(dict.fromkeys(columns["response_kind_label"]))
    y = alt.Y(
        "responder:N",
        sort=responders,
        axis=alt.Axis(
            title=None, domain=False, ticks=False, labelColor="var(--ink)", labelFontSize=12,
            labelLimit=230, labelPadding=6,
        ),
    )  # fmt: skip
    x = alt.X(
        "response_kind_label:N",
        sort=kinds,
        axis=alt.Axis(
            title=None, orient="top", domain=False, ticks=False, labelAngle=-90,
            labelColor="var(--ink)", labelFontSize=11.5, labelLimit=220, labelPadding=4,
        ),
    )  # fmt: skip
    names = [*_severity_names(), _NO_VALUE]
    steps = [f"var(--severity-{step})" for step in range(1, len(_SEVERITY_ENDS) + 1)]
    inks = [f"var(--severity-{step}-ink)" for step in range(1, len(_SEVERITY_ENDS) + 1)]
    # One frame for both, since a facet takes one: a cell's own row, and a row for each act.
    frame = pd.concat([cells.assign(act_id="", act=""), acts], ignore_index=True)
    frame = frame[
        [
            "responder", "response_kind_label", "rung", "goldstein", "severity", "act_id", "act",
            "strikes", "sources", "responders", "evidence",
        ]
    ]  # fmt: skip
    base = alt.Chart().encode(x=x, y=y)
    empty = base.transform_filter("!datum.act_id").transform_filter(_chosen("strike", "responder"))
    acted = base.transform_filter("datum.act_id").transform_filter(_chosen(*PARAMETERS))
    counted = acted.transform_aggregate(
        n_acts="count()",
        values="values(act)",
        groupby=["responder", "evidence", "response_kind_label", "goldstein", "severity"],
    ).transform_calculate(acts="join(pluck(datum.values, 'act'), '; ')")
    tooltip = [
        alt.Tooltip("responder:N", title="Responder"),
        alt.Tooltip("response_kind_label:N", title="Kind of act"),
        alt.Tooltip("goldstein:Q", title="Goldstein value"),
    ]
    layers = alt.layer(
        empty.mark_rect(fill="var(--sheet)", stroke="var(--line)", strokeWidth=0.5),
        empty.mark_point(shape="circle", filled=True, size=5, color="var(--quiet)", opacity=1),
        counted.mark_rect(strokeWidth=0.5, cursor="pointer").encode(
            stroke=alt.condition(
                f"datum.severity == '{_NO_VALUE}'",
                alt.value("var(--quiet)"),
                alt.value("var(--line)"),
            ),
            fill=alt.Fill(
                "severity:N",
                scale=alt.Scale(domain=names, range=[*steps, "var(--sheet)"]),
                legend=alt.Legend(
                    title="Severity: Goldstein value of the kind of act",
                    orient="top",
                    direction="horizontal",
                    symbolType="square",
                    symbolStrokeColor="var(--line)",
                    titleLimit=400,
                ),
            ),
            tooltip=[
                *tooltip,
                alt.Tooltip("n_acts:Q", title="Acts"),
                alt.Tooltip("acts:N", title="Which"),
            ],
        ),
        counted.mark_text(fontSize=11, cursor="pointer").encode(
            text="n_acts:Q",
            color=alt.Color(
                "severity:N",
                scale=alt.Scale(domain=names, range=[*inks, "var(--ink)"]),
                legend=None,
            ),
        ),
        data=frame,
    ).properties(width=alt.Step(20), height=alt.Step(20))
    chart = layers.facet(
        column=alt.Column(
            "rung:N",
            sort=rungs,
            header=alt.Header(title=None, labelAnchor="start", labelFontSize=11),
        ),
        spacing=10,
    ).resolve_scale(x="independent")
    return _themed(
        chart,
        WIDE,
        "Who reacted how: acts recorded, by responder and kind",
        "number and colour: acts of that kind;  small dot: none found in the sources read",
    )
