"""Two views of the ledger written by hand in polars: a peer for the SQL of the models.

Each takes the tables of the record as `read` gives them, and is lazy between the steps that several
later ones read; what both views need is worked out once by `both`. The steps rely on what the
checker holds the record to: keys are unique, references lead somewhere, a part has the event and
the statement of its whole, and every statement, event and response is cited. Numbers in brackets
are those of RULES.md.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

import polars as pl
from by_hand import (
    ANNOUNCED,
    CIVILIANS,
    DIVIDED_BY,
    DONE,
    FORCES,
    LARGER_PLACES,
    MEASURES,
    MISRENDERED,
    NEEDED,
    NOT_DONE,
    OPPOSE,
    SECOND_HAND,
    STATES,
    SUPPORT,
    WITHOUT_FIGURE,
)
from polars import col, when

Tables = Mapping[str, pl.DataFrame | pl.LazyFrame]

_HARM = ["event_id", "outcome", "victim_group"]
_TOLL = ["statement_id", *_HARM]
_FIGURES = ["low", "best", "high", "grade", "best_witnesses"]
_ACTS = ["responder_id", "event_id"]


def read(*folders: Path) -> dict[str, pl.LazyFrame]:
    """Scan what is needed of `<folder>/<table>/**/*.parquet`, the rows of all folders together."""
    return {
        table: pl.scan_parquet(
            sorted(file for folder in folders for file in (folder / table).rglob("*.parquet")),
            hive_partitioning=False,
            extra_columns="ignore",
        ).select(columns)
        for table, columns in NEEDED.items()
    }


def civilian_harm_by_strike(tables: Tables, kinds: Collection[str] = ("strike",)) -> pl.DataFrame:
    """Give the view of that name: a row for each event of these kinds."""
    lazy = _lazy(tables)
    statements = _with_witnesses(lazy)
    return _harm(lazy, statements, _events(lazy, statements), kinds)


def reactions_by_country(tables: Tables, kinds: Collection[str] = ("strike",)) -> pl.DataFrame:
    """Give the view of that name: a row for each responder and event.

    Parties to an event of these kinds have a row also where they did nothing.
    """
    lazy = _lazy(tables)
    statements = _with_witnesses(lazy)
    return _reactions(lazy, statements, _events(lazy, statements), kinds)


def both(tables: Tables, kinds: Collection[str] = ("strike",)) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give `civilian_harm_by_strike` and `reactions_by_country`, their common steps taken once."""
    lazy = _lazy(tables)
    statements = _with_witnesses(lazy)
    events = _events(lazy, statements)
    return _harm(lazy, statements, events, kinds), _reactions(lazy, statements, events, kinds)


def _lazy(tables: Tables) -> dict[str, pl.LazyFrame]:
    return {name: table.lazy() for name, table in tables.items()}


# --- what is used throughout ----------------------------------------------------------------


def _once(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Work out now what several later steps read.

    The planner copies a step for each use of it: were a view collected only at its end, planning
    would take far longer than the work.
    """
    return frame.collect().lazy()


def _lists(frame: pl.LazyFrame, keys: list[str], **columns: str) -> pl.LazyFrame:
    """Join the texts of each group, each once and in alphabetical order: columns by new names."""
    texts = {name: col(column).drop_nulls().unique().sort() for name, column in columns.items()}
    lists = frame.group_by(keys).agg(**texts)
    return lists.with_columns(
        when(col(name).list.len() > 0).then(col(name).list.join("; ")).alias(name)
        for name in columns
    )


def _first(frame: pl.LazyFrame, key: str | list[str], order: dict[str, bool]) -> pl.LazyFrame:
    """Give of each group the row that comes first in an order: columns, and whether ascending."""
    n_rivals = pl.len().over(key)
    rivals = frame.filter(n_rivals > 1).sort(
        list(order), descending=[not ascending for ascending in order.values()], nulls_last=True
    )
    return pl.concat(
        [frame.filter(n_rivals == 1), rivals.unique(key, keep="first", maintain_order=True)]
    )


def _utc(date: str, time: str, offset: str, *, until: bool) -> pl.Expr:
    """Give instants of UTC; a day without a clock is a day of UTC, an hour without offset none."""
    minutes = col(time).str.slice(0, 2).cast(pl.Int32) * 60 + col(time).str.slice(3, 2).cast(
        pl.Int32
    )
    minutes = (minutes + 1).fill_null(24 * 60) if until else minutes.fill_null(0)
    instant = col(date).cast(pl.Datetime) + pl.duration(minutes=minutes - col(offset).fill_null(0))
    return when(col(time).is_null() | col(offset).is_not_null()).then(instant)


# --- statements and events ------------------------------------------------------------------


def _with_witnesses(tables: Tables) -> pl.LazyFrame:
    """Give the statements, each with its witness, if it has one, and whether it stands [1-4]."""
    is_own = (
        (col("claimant_id") == col("publisher_id")) | (col("claimant_id") == col("author_id"))
    ).fill_null(value=False)
    is_first_hand = ~col("proximity").is_in(SECOND_HAND)
    is_told = col("role") != "interprets"
    cited = (
        tables["citations"]
        .filter(col("cited_table") == "statements")
        .join(tables["passages"], on="passage_id")
        .join(tables["sources"], on="source_id")
        .join(
            tables["statements"].select("statement_id", "claimant_id"),
            left_on="cited_id",
            right_on="statement_id",
        )
        .with_columns(is_own=is_own)
        .group_by(statement_id="cited_id")
        .agg(
            in_own_document=col("is_own").any(),
            testifies_itself=(is_told & col("is_own") & is_first_hand).any(),
            testifies_elsewhere=(is_told & ~col("is_own")).any(),
            is_misrendered=col("fidelity").is_in(MISRENDERED).all(),
        )
        .with_columns(
            testifies=col("testifies_itself")
            | (~col("in_own_document") & col("testifies_elsewhere"))
        )
    )
    return _once(
        tables["statements"]
        .join(cited, on="statement_id")
        .with_columns(spoken_for_id=pl.coalesce("on_behalf_of_id", "claimant_id"))
        .select(
            *("statement_id", "claimant_id", "spoken_for_id", "supersedes_id", "is_misrendered"),
            when(col("testifies") & (col("attribution") != "impersonal"))
            .then("spoken_for_id")
            .alias("witness_id"),
            col("withdrawn_date").is_not_null().alias("is_withdrawn"),
        )
    )


def _held_values(tables: Tables, statements: pl.LazyFrame) -> pl.LazyFrame:
    """Give the days, hours and places said of events, and how many hold each [20]."""
    propositions = tables["propositions"].filter(col("topic").is_in(["date", "time", "place"]))
    holders = (
        tables["claims"]
        .filter(col("target_table") == "propositions", col("stance").is_in(SUPPORT))
        .join(propositions, left_on="target_id", right_on="proposition_id", how="semi")
        .join(statements.filter(~col("is_withdrawn")), on="statement_id")
        .group_by(proposition_id="target_id")
        .agg(
            n_witnesses=col("witness_id").drop_nulls().n_unique(),
            n_claimants=col("claimant_id").n_unique(),
        )
    )
    value = ("value_utc_offset_minutes",)
    return propositions.join(holders, on="proposition_id").with_columns(
        n_claimants=when(col("n_witnesses") == 0).then("n_claimants").otherwise(0),
        span=col("value_to_date") - col("value_from_date"),
        from_utc=_utc("value_from_date", "value_from_time", *value, until=False),
        until_utc=_utc("value_to_date", "value_to_time", *value, until=True),
        has_no_time=(col("topic") == "time") & col("value_from_time").is_null(),
    )


def _places(tables: Tables, held: pl.LazyFrame) -> pl.LazyFrame:
    """Name the places of each event: the finest of those that lie in one another [20]."""
    places = held.filter(col("topic") == "place")
    key = ["event_id", "value_location_id"]
    larger = tables["locations"].select(value_location_id="location_id", larger_id="part_of_id")
    around = places.select(key).filter(pl.len().over("event_id") > 1)
    wider = []
    for _ in range(LARGER_PLACES):
        around = around.join(larger, on="value_location_id").select(
            "event_id", value_location_id="larger_id"
        )
        wider.append(around)
    umbrellas = tables["events"].filter(col("kind") == "series").select("event_id", umbrella=True)
    places = places.join(pl.concat(wider), on=key, how="anti").join(
        umbrellas, on="event_id", how="left"
    )
    for count in ("n_witnesses", "n_claimants"):
        holders = when(col("umbrella").is_null()).then(count).otherwise(0)
        places = places.filter(holders == holders.max().over("event_id"))
    names = tables["locations"].select(value_location_id="location_id", place="name")
    return _lists(places.join(names, on="value_location_id"), ["event_id"], places="place")


def _events(tables: Tables, statements: pl.LazyFrame) -> pl.LazyFrame:
    """Give the events, each with its parties, days, hours and places [20, 21]."""
    held = _once(_held_values(tables, statements))
    order = {
        "has_no_time": True,
        "n_witnesses": False,
        "n_claimants": False,
        "span": True,
        "value_from_date": True,
        "from_utc": True,
        "proposition_id": True,
    }
    days = _first(held.filter(col("topic") == "date"), "event_id", order).select(
        "event_id", "value_from_date", "value_to_date", "from_utc", "until_utc"
    )
    hours = (
        _first(held.filter(col("topic") == "time"), "event_id", order)
        .filter(~col("has_no_time"))
        .select(
            "event_id",
            clock_from_utc="from_utc",
            clock_until_utc="until_utc",
            has_hour=col("value_utc_offset_minutes").is_not_null(),
        )
    )
    events = tables["events"].rename({"label": "event"})
    members = (
        events.select("event_id", "part_of_id")
        .drop_nulls()
        .join(days, on="event_id")
        .group_by(event_id="part_of_id")
        .agg(first_day=col("value_from_date").min(), last_day=col("value_to_date").max())
    )
    named = tables["event_actors"].join(tables["actors"].select("actor_id", "name"), on="actor_id")
    attackers, struck = (
        _lists(named.filter(col("role") == role), ["event_id"], **{column: "name"})
        for role, column in (("attacker", "attackers"), ("struck", "struck"))
    )
    for part in (attackers, struck, _places(tables, held), days, hours, members):
        events = events.join(part, on="event_id", how="left")
    events = events.select(
        *("event_id", "kind", "event", "attackers", "struck", "places"),
        pl.coalesce("first_day", "value_from_date").alias("from_date"),
        pl.coalesce("last_day", "value_to_date").alias("to_date"),
        has_hour=col("has_hour").fill_null(value=False),
        from_utc=pl.coalesce("clock_from_utc", col("first_day").cast(pl.Datetime), "from_utc"),
        until_utc=pl.coalesce(
            "clock_until_utc", col("last_day").cast(pl.Datetime) + pl.duration(days=1), "until_utc"
        ),
    )
    return _once(events)


# --- people hurt ----------------------------------------------------------------------------


def _bounded(casualties: pl.LazyFrame, qualifiers: pl.LazyFrame) -> pl.LazyFrame:
    """Add the bounds that follow from figure and qualifier."""
    above, below = col("low_from") == "above_figure", col("high_from") == "below_figure"
    low, high = col("figure_low"), col("figure_high")
    without = col("low_from").replace_strict(WITHOUT_FIGURE, default=None, return_dtype=pl.Int32)
    return casualties.join(qualifiers, left_on="qualifier", right_on="code").with_columns(
        low=when(col("low_from") == "figure")
        .then(low)
        .when(above)
        .then(low + 1)
        .otherwise(without),
        best=when(above)
        .then(low + 1)
        .when(below)
        .then(high - 1)
        .otherwise(pl.coalesce("figure_best", low)),
        high=when(col("high_from") == "figure").then(high).when(below).then(high - 1),
    )


def _parts(casualties: pl.LazyFrame) -> pl.LazyFrame:
    """Give the reports that are parts, each with its whole and with what that is a part of."""
    wholes = casualties.select(
        part_of_id="casualty_id",
        whole_outcome="outcome",
        whole_high="high",
        whole_part_of_id="part_of_id",
    )
    outer = casualties.select(whole_part_of_id="casualty_id", outer_outcome="outcome")
    partition = ["part_of_id", "divided_by"]
    adds_up = (col("high").is_not_null().all().over(partition)) & (
        col("high").sum().over(partition) == col("whole_high")
    )
    return (
        casualties.filter(col("part_of_id").is_not_null())
        .select("casualty_id", "outcome", "high", *partition)
        .join(wholes, on="part_of_id")
        .join(outer, on="whole_part_of_id", how="left")
        .select(
            *("casualty_id", "part_of_id", "whole_part_of_id"),
            is_whole=col("whole_outcome") != col("outcome"),
            adds_up=adds_up.fill_null(value=False)
            & (col("whole_part_of_id").is_null() | (col("outer_outcome") != col("whole_outcome"))),
        )
    )


def _superseded(
    casualties: pl.LazyFrame, parts: pl.LazyFrame, statements: pl.LazyFrame
) -> pl.LazyFrame:
    """Name the reports that a later one of the same side takes the place of, and their parts [5].

    Gives `casualty_id`, once each.
    """
    updates = statements.filter(
        col("supersedes_id").is_not_null(), ~col("is_withdrawn"), ~col("is_misrendered")
    ).select("statement_id", earlier_id="supersedes_id")
    same = ["event_id", "outcome", "age_group", "sex"]
    same_status = (col("status") == col("status_earlier")) | (
        col("status").is_in(CIVILIANS) & col("status_earlier").is_in(CIVILIANS)
    )
    same_nation = (
        col("nationality").is_null()
        | col("nationality_earlier").is_null()
        | (
            (col("nationality") == col("nationality_earlier"))
            & (col("is_nationality_negated") == col("is_nationality_negated_earlier"))
        )
    )
    both_parts = col("part_of_id").is_null() == col("part_of_id_earlier").is_null()
    earlier = (
        casualties.join(updates, on="statement_id")
        .join(
            casualties,
            left_on=["earlier_id", *same],
            right_on=["statement_id", *same],
            suffix="_earlier",
        )
        .filter(same_status, same_nation, both_parts)
        .select(casualty_id="casualty_id_earlier")
    )
    of_earlier = [
        parts.join(earlier, left_on=whole, right_on="casualty_id", how="semi")
        for whole in ("part_of_id", "whole_part_of_id")
    ]
    return pl.concat([earlier, *(part.select("casualty_id") for part in of_earlier)]).unique()


def _standing(
    tables: Tables, casualties: pl.LazyFrame, parts: pl.LazyFrame, statements: pl.LazyFrame
) -> pl.LazyFrame:
    """Add who says each report, and the use that it is of [4-7]."""
    umbrellas = tables["events"].filter(col("kind") == "series")
    use = (
        when(col("is_withdrawn"))
        .then(pl.lit("withdrawn"))
        .when(col("is_superseded"))
        .then(pl.lit("superseded"))
        .when(col("is_misrendered"))
        .then(pl.lit("misprint"))
        .when(col("is_umbrella"))
        .then(pl.lit("several_events"))
        .when(col("part_of_id").is_not_null())
        .then(pl.lit("part"))
        .otherwise(pl.lit("total"))
    )
    superseded = _superseded(casualties, parts, statements).with_columns(is_superseded=True)
    return (
        casualties.join(statements.drop("supersedes_id", "spoken_for_id"), on="statement_id")
        .join(superseded, on="casualty_id", how="left")
        .join(umbrellas.select("event_id", is_umbrella=True), on="event_id", how="left")
        .with_columns(report_use=use)
    )


def _groups(tables: Tables, casualties: pl.LazyFrame, parts: pl.LazyFrame) -> pl.LazyFrame:
    """Give the groups that each report speaks of, the outermost reports only [7-13]."""
    states = tables["actors"].filter(col("kind") == "state").select("actor_id", "country")
    struck = (
        tables["event_actors"]
        .filter(col("role") == "struck")
        .join(states, on="actor_id")
        .select("event_id", "country")
        .unique()
        .with_columns(n_struck=pl.len().over("event_id"))
    )
    is_child, is_adult = col("age_group") == "child", col("age_group") == "adult"
    members = {
        "everyone": col("is_whole"),
        "children": is_child,
        "women": is_adult & (col("sex") == "female"),
        "men": is_adult & (col("sex") == "male"),
        "foreign_nationals": when(col("is_nationality_negated"))
        .then(col("n_struck") == 1)
        .otherwise(col("nationality").is_not_null() & col("n_struck").is_null()),
        "stated_civilians": (col("status") == "civilian") & (col("status_basis") == "stated"),
        "presumed_civilians": is_child & (col("status") == "not_stated"),
        "forces": col("status").is_in(FORCES),
    }
    told = (
        casualties.filter(col("report_use").is_in(["total", "part"]))
        .join(
            struck,
            left_on=["event_id", "nationality"],
            right_on=["event_id", "country"],
            how="left",
        )
        .join(parts.select("casualty_id", "is_whole", "adds_up"), on="casualty_id", how="left")
        .with_columns(col("is_whole").fill_null(value=True), col("adds_up").fill_null(value=False))
    )
    is_of_some = (
        (col("age_group") != "not_stated")
        | (col("sex") != "not_stated")
        | ~col("status").is_in(CIVILIANS)
    )
    columns = ["casualty_id", "statement_id", "event_id", "outcome", "part_of_id", "divided_by"]
    groups = pl.concat(
        told.filter(is_member).select(
            *(*columns, "witness_id", "is_whole", "adds_up", "low", "best", "high"),
            victim_group=pl.lit(group),
            is_of_some=is_of_some if group == "everyone" else pl.lit(value=False),
            divided_well=(col("divided_by") == DIVIDED_BY.get(group, "age_and_sex")).fill_null(
                value=False
            ),
        )
        for group, is_member in members.items()
    )
    leaves_nobody_over = col("is_whole") | (col("adds_up") & col("divided_well"))
    # A part of a report that is itself in the group is already counted in it.
    return groups.join(
        groups.select(part_of_id="casualty_id", victim_group="victim_group", outcome="outcome"),
        on=["part_of_id", "victim_group", "outcome"],
        how="anti",
    ).with_columns(high=when(leaves_nobody_over & ~col("is_of_some")).then("high"))


def _tolls(groups: pl.LazyFrame) -> pl.LazyFrame:
    """Give what each statement says of each group [12-14]."""
    added = (
        groups.with_columns(
            whole_id=pl.coalesce("part_of_id", "casualty_id"),
            divided_by=col("divided_by").fill_null("whole"),
        )
        .group_by(*_TOLL, "whole_id", "divided_by")
        .agg(
            witness_id=col("witness_id").first(),
            n_low=col("low").count(),
            low=col("low").sum(),
            has_best=col("best").is_not_null().all(),
            best=col("best").sum(),
            most=col("best").max(),
            has_high=col("high").is_not_null().all(),
            high=col("high").sum(),
            is_of_some=col("is_of_some").any(),
            adds_up=col("adds_up").all(),
        )
        .with_columns(
            low=when(col("n_low") > 0).then("low"),
            best=when(
                col("has_best"),
                (col("divided_by") != "person") | col("adds_up"),
                ~(col("is_of_some") & (col("most") == 0)),
            ).then("best"),
            high=when(col("has_high")).then("high"),
        )
    )
    is_for_all = col("best").is_not_null() & ~col("is_of_some")
    has_figure = (col("best") >= col("low_without_figure")).fill_null(value=False)
    tolls = (
        added.group_by(_TOLL)
        .agg(
            witness_id=col("witness_id").first(),
            n=pl.len(),
            low=col("low").max(),
            low_without_figure=when(col("best").is_null()).then("low").otherwise(0).max(),
            best=col("best").max(),
            high=col("high").max(),
            is_for_all=is_for_all.any(),
            is_of_some=col("is_of_some").all(),
        )
        .select(
            *_TOLL,
            "witness_id",
            "low",
            best=when(has_figure).then("best"),
            high=when(col("n") == 1).then("high"),
            is_of_some=when(has_figure).then(~col("is_for_all")).otherwise("is_of_some"),
        )
    )
    return _counted(tolls)


def _counted(tolls: pl.LazyFrame) -> pl.LazyFrame:
    """Add which tolls count, and for how many [13, 14]."""
    is_witness = col("witness_id").is_not_null()
    attestation = (
        tolls.filter(col("best").is_not_null())
        .group_by(*_HARM, "witness_id")
        .agg(is_for_all=(~col("is_of_some")).any())
        .group_by(_HARM)
        .agg(
            figures_for_all=col("is_for_all").sum(),
            for_all=(col("is_for_all") & is_witness).sum(),
            for_some=(~col("is_for_all") & is_witness).sum(),
        )
    )
    is_figure = (
        ~col("is_of_some") | (col("for_some") > col("for_all")) | (col("figures_for_all") == 0)
    )
    return tolls.join(attestation, on=_HARM, how="left").with_columns(
        is_counted=is_witness | ((col("for_all") + col("for_some")).fill_null(0) == 0),
        figure=when(is_figure).then("best"),
    )


def _estimates(tolls: pl.LazyFrame) -> pl.LazyFrame:
    """Give low, best and high of each harm, and how many witnesses give best [15-17]."""
    tolls = tolls.filter(col("is_counted"))
    figures = (
        tolls.filter(col("figure").is_not_null())
        .group_by(*_HARM, "figure")
        .agg(best_witnesses=col("witness_id").drop_nulls().n_unique())
    )
    chosen = _first(figures, _HARM, {"best_witnesses": False, "figure": True})
    low, best, high = col("low"), col("figure"), col("high")
    beyond = (col("greatest_low") > high) | (best > high)
    return (
        tolls.group_by(_HARM)
        .agg(
            low=low.min(),
            low_of_figure=when(best.is_not_null()).then(low).min(),
            greatest_low=low.max(),
            high=high.max(),
        )
        .join(chosen, on=_HARM, how="left")
        .with_columns(low=when(best.is_not_null()).then("low_of_figure").otherwise("low"))
        .select(
            *_HARM,
            low=when(low > best).then(best).otherwise(low),
            best=best,
            high=when(~beyond.fill_null(value=False)).then(high),
            best_witnesses="best_witnesses",
        )
    )


def _grades(
    tables: Tables,
    statements: pl.LazyFrame,
    casualties: pl.LazyFrame,
    groups: pl.LazyFrame,
    tolls: pl.LazyFrame,
) -> pl.LazyFrame:
    """Grade how well each harm is attested [19]."""
    best, high, stance = col("best"), col("high"), col("stance")
    of_tolls = tolls.select(
        *_HARM,
        "witness_id",
        tells=(best.fill_null(col("low")) > 0).fill_null(value=False),
        denies=(high == 0).fill_null(value=False),
    )
    of_harm = (best > 0).fill_null(value=True)
    of_claims = (
        tables["claims"]
        .filter(col("target_table") == "casualties")
        .join(
            statements.filter(~col("is_withdrawn"), col("witness_id").is_not_null()).select(
                "statement_id", "witness_id"
            ),
            on="statement_id",
        )
        .join(
            groups.filter(~col("is_of_some")).select(*_HARM, "casualty_id", "best", "high"),
            left_on="target_id",
            right_on="casualty_id",
        )
        .select(
            *_HARM,
            "witness_id",
            tells=of_harm & stance.is_in(["asserts", "endorses", "concedes"]),
            denies=when(of_harm)
            .then(stance.is_in(OPPOSE))
            .otherwise((high == 0).fill_null(value=False) & stance.is_in(SUPPORT)),
        )
    )
    attackers = tables["event_actors"].filter(col("role") == "attacker")
    attackers = attackers.select("event_id", witness_id="actor_id", is_attacker=True)
    grade = (
        when(~col("is_told"))
        .then(pl.lit("discounted"))
        .when(col("is_denied"))
        .then(pl.lit("contested"))
        .when(col("by_attacker"), col("n_witnesses") > 1)
        .then(pl.lit("confirmed"))
        .when(col("n_witnesses") > 1)
        .then(pl.lit("fair"))
        .otherwise(pl.lit("weak"))
    )
    graded = (
        pl.concat([of_tolls, of_claims])
        .join(attackers, on=["event_id", "witness_id"], how="left")
        .group_by(_HARM)
        .agg(
            is_told=col("tells").any(),
            is_denied=(col("denies") & col("witness_id").is_not_null()).any(),
            by_attacker=(col("tells") & col("is_attacker").is_not_null()).any(),
            n_witnesses=when(col("tells")).then("witness_id").drop_nulls().n_unique(),
        )
        .select(*_HARM, grade=grade)
    )
    # Where every report was set aside there is no toll left to weigh.
    is_used = col("report_use").is_in(["total", "part", "several_events"])
    set_aside = (
        casualties.group_by("event_id", "outcome")
        .agg(is_used=is_used.any())
        .filter(~col("is_used"))
        .select("event_id", "outcome", victim_group=pl.lit("everyone"), grade=pl.lit("discounted"))
    )
    return pl.concat([graded, set_aside])


def _reports(casualties: pl.LazyFrame, groups: pl.LazyFrame, tolls: pl.LazyFrame) -> pl.LazyFrame:
    """Count the reports of each event, and name the qualifiers of its totals of killed."""
    counted = (
        groups.select("casualty_id", *_TOLL)
        .join(tolls.select(*_TOLL, "is_counted"), on=_TOLL)
        .group_by("casualty_id")
        .agg(col("is_counted").any())
    )
    use = col("report_use")
    stands = use.is_in(["total", "part"]) & col("is_counted").fill_null(value=True)
    is_whole = col("part_of_id").is_null()
    is_killed = (use == "total") & stands & (col("outcome") == "killed")
    set_aside = use.is_in(["withdrawn", "superseded", "misprint"])
    reports = casualties.join(counted, on="casualty_id", how="left").with_columns(
        stands=stands, qualifier=when(is_killed).then("qualifier")
    )
    counts = reports.group_by("event_id").agg(
        n_reports=is_whole.sum(),
        n_claimants=col("claimant_id").n_unique(),
        n_witnesses=col("witness_id").drop_nulls().n_unique(),
        n_reports_without_figure=(is_whole & col("best").is_null()).sum(),
        n_reports_set_aside=(is_whole & set_aside).sum(),
        n_standing=col("stands").sum(),
        n_standing_with_figure=(col("stands") & col("best").is_not_null()).sum(),
    )
    return counts.join(
        _lists(reports, ["event_id"], killed_qualifiers="qualifier"), on="event_id", how="left"
    )


def _damage(tables: Tables, statements: pl.LazyFrame) -> pl.LazyFrame:
    """Count the reports of things hit in each event, and list these apart by who says it."""
    attackers = tables["event_actors"].filter(col("role") == "attacker")
    damage = (
        tables["damage"]
        .filter(col("extent") != "undamaged")
        .join(
            statements.filter(~col("is_withdrawn")).select(
                "statement_id", says_id=pl.coalesce("witness_id", "claimant_id")
            ),
            on="statement_id",
        )
        .join(
            attackers.select("event_id", says_id="actor_id", is_attacker=True),
            on=["event_id", "says_id"],
            how="left",
        )
        .with_columns(
            of_others=when(col("is_attacker").is_null()).then("object_kind"),
            of_attacker=when(col("is_attacker")).then("object_kind"),
        )
    )
    lists = _lists(
        damage, ["event_id"], objects_hit="of_others", objects_hit_says_attacker="of_attacker"
    )
    return damage.group_by("event_id").agg(n_damage_reports=pl.len()).join(lists, on="event_id")


def _harm(
    tables: Tables, statements: pl.LazyFrame, events: pl.LazyFrame, kinds: Collection[str]
) -> pl.DataFrame:
    chosen = tables["events"].filter(col("kind").is_in(kinds))
    casualties = _bounded(
        tables["casualties"].join(chosen, on="event_id", how="semi"), tables["qualifiers"]
    )
    casualties = _once(casualties)
    parts = _once(_parts(casualties))
    casualties = _once(_standing(tables, casualties, parts, statements))
    groups = _once(_groups(tables, casualties, parts))
    tolls = _once(_tolls(groups))
    harms = _grades(tables, statements, casualties, groups, tolls)
    harms = _once(harms.join(_estimates(tolls), on=_HARM, how="left"))

    harm = events.filter(col("kind").is_in(kinds)).drop("kind")
    hit = ("killed_or_injured", "everyone")
    for measure, (outcome, group) in {**MEASURES, "hit": hit}.items():
        of_measure = harms.filter(col("outcome") == outcome, col("victim_group") == group).select(
            "event_id", *(col(name).name.prefix(f"{measure}_") for name in _FIGURES)
        )
        harm = harm.join(of_measure, on="event_id", how="left")
    harm = harm.join(_reports(casualties, groups, tolls), on="event_id", how="left")
    harm = harm.join(_damage(tables, statements), on="event_id", how="left")
    is_zero = [
        pl.coalesce("killed_high", "hit_high") == 0,
        col("killed_low").is_null() | (col("killed_high") == 0),
        pl.coalesce("injured_high", "injured_low", 0) == 0,
        pl.coalesce("hit_high", "hit_best", "hit_low", 0) == 0,
    ]
    harm_recorded = (
        when(col("n_standing").fill_null(0) == 0)
        .then(pl.lit("nothing_recorded"))
        .when(is_zero)
        .then(pl.lit("reported_zero"))
        .when(col("n_standing_with_figure") > 0)
        .then(pl.lit("reported"))
        .otherwise(pl.lit("reported_without_figure"))
    )
    counts = [
        *("n_damage_reports", "n_reports", "n_claimants", "n_witnesses"),
        *("n_reports_without_figure", "n_reports_set_aside"),
    ]
    figures = (f"{measure}_{what}" for measure in MEASURES for what in _FIGURES[:4])
    return harm.select(
        *("event_id", "event", "attackers", "struck", "places", "from_date", "to_date"),
        *figures,
        *("killed_best_witnesses", "injured_best_witnesses", "killed_qualifiers"),
        *("objects_hit", "objects_hit_says_attacker"),
        col(counts).fill_null(0),
        harm_recorded=harm_recorded,
    ).collect()


# --- reactions ------------------------------------------------------------------------------


def _roles(tables: Tables) -> pl.LazyFrame:
    """Give the part that an actor has in an event, what was struck before who attacked [24]."""
    states = tables["actors"].filter(col("kind").is_in(STATES))
    states = (
        tables["actor_relations"]
        .filter(col("kind") == "part_of", col("standing") != "former")
        .join(states, left_on="other_actor_id", right_on="actor_id", how="semi")
        .select("actor_id", state_id="other_actor_id")
    )
    columns = ["event_id", "actor_id", "role"]
    parties = (
        tables["event_actors"]
        .filter(col("role").is_in(["struck", "on_soil_of", "attacker"]))
        .select(columns)
    )
    umbrellas = tables["events"].select("event_id", umbrella_id="part_of_id").drop_nulls()
    of_states = parties.join(states, on="actor_id").with_columns(actor_id="state_id")
    of_umbrellas = parties.join(umbrellas, on="event_id").with_columns(event_id="umbrella_id")
    of_theirs = (
        of_umbrellas.drop("umbrella_id")
        .join(umbrellas, on="event_id")
        .with_columns(event_id="umbrella_id")
    )
    parts = [part.select(columns) for part in (parties, of_states, of_umbrellas, of_theirs)]
    role = when((col("role") != "attacker").any()).then(pl.lit("struck"))
    return (
        pl.concat(parts)
        .group_by("event_id", responder_id="actor_id")
        .agg(reaction_role=role.otherwise(pl.lit("attacker")))
    )


def _responses(tables: Tables) -> pl.LazyFrame:
    """Give the responses with their state, day and codes [22, 25]."""
    furthest = tables["codes"].filter(col("code_list") == "response_state_kinds")
    is_dated = col("from_date").is_not_null().all().over("response_id")
    states = _once(
        tables["response_states"]
        .join(furthest.select(state="code", sort_order="sort_order"), on="state")
        .with_columns(
            latest_date=when(is_dated).then("from_date"),
            is_done=col("state") == "done",
            is_settled=col("state").is_in(["ordered", "agreed"]),
            span=col("to_date") - col("from_date"),
        )
    )
    standing = _first(states, "response_id", {"latest_date": False, "sort_order": False})
    order = {
        "is_done": False,
        "is_settled": False,
        "span": True,
        "local_time": True,
        "sort_order": False,
        "latest_date": False,
        "statement_id": True,
    }
    clock = ("local_time", "utc_offset_minutes")
    days = _first(states, "response_id", order).select(
        *("response_id", "from_date", "to_date"),
        has_hour=pl.all_horizontal(col(clock).is_not_null()),
        from_utc=_utc("from_date", *clock, until=False),
        until_utc=_utc("to_date", *clock, until=True),
    )
    responses = (
        tables["responses"]
        .join(standing.select("response_id", "state"), on="response_id")
        .join(days, on="response_id")
    )
    reversals = (
        responses.filter(col("reverses_id").is_not_null(), col("state") == "done")
        .group_by(response_id="reverses_id")
        .agg(is_reversed=pl.lit(value=True), reversed_from_date=col("from_date").min())
    )
    return responses.join(reversals, on="response_id", how="left").join(
        tables["action_crosswalk"].rename({"response_kind": "kind"}), on="kind", how="left"
    )


def _acts(tables: Tables, events: pl.LazyFrame, kinds: Collection[str]) -> pl.LazyFrame:
    """Give every act upon an event: responses, and the strikes made in answer [22, 23]."""
    levels = tables["codes"].filter(col("code_list") == "levels")
    responders = (
        tables["response_actors"]
        .filter(col("role") == "actor", col("on_behalf_of_id").is_not_null())
        .join(levels.select(level="code", level_order="sort_order"), on="level")
        .group_by("response_id", responder_id="on_behalf_of_id")
        .agg(col("level_order").min())
    )
    names = tables["actors"].select("actor_id", "name")
    told = (
        tables["response_actors"]
        .filter(col("role").is_in(["addressee", "counterpart"]))
        .select("response_id", actor_id=pl.coalesce("on_behalf_of_id", "actor_id"))
        .join(names, on="actor_id")
    )
    columns = [
        *("event_id", "responder_id", "kind", "state", "is_military", "is_reversed"),
        *("reversed_from_date", "level_order", "addressees", "from_date", "to_date", "has_hour"),
        *("from_utc", "until_utc", "cameo_code", "goldstein", "plover_event"),
    ]
    responses = (
        _responses(tables)
        .join(_lists(told, ["response_id"], addressees="name"), on="response_id", how="left")
        .join(tables["response_events"], on="response_id")
        .join(responders, on="response_id")
        .with_columns(is_military=False)
    )
    states = tables["actors"].filter(col("kind") == "state")
    attackers = (
        tables["event_actors"]
        .filter(col("role") == "attacker")
        .join(states, on="actor_id", how="semi")
        .select("event_id", responder_id="actor_id")
    )
    strike = (
        tables["action_crosswalk"]
        .filter(col("response_kind") == "military_strike")
        .rename({"response_kind": "kind"})
    )
    answers = (
        tables["event_links"]
        .filter(col("link") == "in_answer_to")
        .join(attackers, on="event_id")
        .select("event_id", "linked_event_id", "responder_id")
        .unique()
        .join(events.filter(col("kind").is_in(kinds)).drop("kind"), on="event_id")
        .join(strike, how="cross")
        .with_columns(
            event_id="linked_event_id",
            addressees="struck",
            state=pl.lit("done"),
            is_military=True,
            is_reversed=None,
            reversed_from_date=None,
            level_order=None,
        )
    )
    return pl.concat([responses.select(columns), answers.select(columns)], how="vertical_relaxed")


def _acts_counted(acts: pl.LazyFrame, events: pl.LazyFrame) -> pl.LazyFrame:
    """Sum up the acts of each responder upon each event [22, 25, 26]."""
    of_event = ["event_id", "from_date", "to_date", "from_utc", "until_utc", "has_hour"]
    # A response does not come before its event.
    since = {
        "days_low": (col("from_date") - col("to_date_of_event")).dt.total_days(),
        "days_high": (col("to_date") - col("from_date_of_event")).dt.total_days(),
        "minutes_low": (col("from_utc") - col("until_utc_of_event")).dt.total_minutes(),
        "minutes_high": (col("until_utc") - col("from_utc_of_event")).dt.total_minutes(),
    }
    is_timed = col("has_hour") & col("has_hour_of_event")
    acts = acts.join(events.select(of_event), on="event_id", suffix="_of_event").with_columns(
        is_timed=is_timed, **{name: value.clip(lower_bound=0) for name, value in since.items()}
    )
    is_exact = (col("minutes_low") == col("timed_low")) & (col("minutes_high") == col("timed_high"))
    counted = (
        acts.group_by(_ACTS)
        .agg(
            n_acts=pl.len(),
            n_acts_done=col("state").is_in(DONE).sum(),
            n_military_answers=col("is_military").sum(),
            n_acts_announced=col("state").is_in(ANNOUNCED).sum(),
            n_acts_disputed=(col("state") == "disputed").sum(),
            n_acts_not_done=col("state").is_in(NOT_DONE).sum(),
            n_acts_reversed=col("is_reversed").sum(),
            first_reversal_date=col("reversed_from_date").min(),
            level_order=col("level_order").min(),
            lowest_goldstein=col("goldstein").min(),
            highest_goldstein=col("goldstein").max(),
            n_acts_without_cameo_code=col("cameo_code").is_null().sum(),
            first_act_date=col("from_date").min(),
            last_act_date=col("to_date").max(),
            latency_days_low=col("days_low").min(),
            latency_days_high=col("days_high").min(),
            minutes_low=col("minutes_low").min(),
            minutes_high=col("minutes_high").min(),
            timed_low=when(col("is_timed")).then("minutes_low").min(),
            timed_high=when(col("is_timed")).then("minutes_high").min(),
        )
        .with_columns(
            latency_hours_low=col("minutes_low") // 60,
            latency_hours_high=(col("minutes_high") + 59) // 60,
            latency_precision=when(is_exact)
            .then(pl.lit("hour"))
            .when(col("first_act_date").is_not_null())
            .then(pl.lit("day")),
        )
    )
    lists = _lists(
        acts,
        _ACTS,
        kinds="kind",
        states="state",
        addressees="addressees",
        plover_events="plover_event",
    )
    return counted.join(lists, on=_ACTS)


def _reactions(
    tables: Tables, statements: pl.LazyFrame, events: pl.LazyFrame, kinds: Collection[str]
) -> pl.DataFrame:
    acts = _once(_acts_counted(_once(_acts(tables, events, kinds)), events))
    roles = _once(_roles(tables))
    actors = tables["actors"].select(
        responder_id="actor_id", responder="name", responder_kind="kind"
    )
    chosen = tables["events"].filter(col("kind").is_in(kinds))
    parties = roles.join(
        actors.filter(col("responder_kind").is_in(STATES)), on="responder_id", how="semi"
    ).join(chosen, on="event_id", how="semi")
    # Who says that it has no position yet has said something, though it has done nothing.
    silent = (
        tables["claims"]
        .filter(col("stance") == "no_position", col("target_table") == "propositions")
        .join(statements.filter(~col("is_withdrawn")), on="statement_id")
        .join(
            tables["propositions"].select("proposition_id", "event_id"),
            left_on="target_id",
            right_on="proposition_id",
        )
        .select("event_id", responder_id="spoken_for_id", is_silent=True)
        .unique()
    )
    levels = tables["codes"].filter(col("code_list") == "levels")
    reaction = (
        when(col("n_acts").is_not_null())
        .then(pl.lit("recorded"))
        .when(col("is_silent"))
        .then(pl.lit("said_no_position"))
        .otherwise(pl.lit("none_recorded"))
    )
    return (
        pl.concat([parties.select(_ACTS), acts.select(_ACTS)])
        .unique()
        .join(actors, on="responder_id")
        .join(events.select("event_id", "event"), on="event_id")
        .join(roles, on=_ACTS, how="left")
        .join(silent, on=_ACTS, how="left")
        .join(acts, on=_ACTS, how="left")
        .join(
            levels.select(level_order="sort_order", highest_level="code"),
            on="level_order",
            how="left",
        )
        .select(
            *("responder_id", "responder", "responder_kind", "event_id", "event"),
            col("reaction_role").fill_null("third_party"),
            reaction.alias("reaction"),
            *(
                col(f"n_{count}").fill_null(0)
                for count in (
                    *("acts", "acts_done", "military_answers", "acts_announced"),
                    *("acts_disputed", "acts_not_done", "acts_reversed"),
                )
            ),
            *("first_reversal_date", "kinds", "states", "addressees", "highest_level"),
            *("lowest_goldstein", "highest_goldstein", "plover_events"),
            col("n_acts_without_cameo_code").fill_null(0),
            *("first_act_date", "last_act_date", "latency_days_low", "latency_days_high"),
            *("latency_hours_low", "latency_hours_high", "latency_precision"),
        )
        .collect()
    )
