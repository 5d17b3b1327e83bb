"""Two views of the ledger written by hand in pandas: a peer for the SQL of the models.

Each takes the tables of the record as `read` gives them. Nothing loops over rows, and what both
views need is worked out once by `both`. The steps rely on what the checker holds the record to:
keys are unique, references lead somewhere, a part has the event and the statement of its whole,
and every statement, event and response is cited. Numbers in brackets are those of RULES.md.
"""

from collections.abc import Collection
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
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

Tables = dict[str, pd.DataFrame]

# Columns of few different values: as categories they are small and quick to compare.
_CODES = {
    *("age_group", "attribution", "cited_table", "divided_by", "extent", "fidelity", "kind"),
    *("level", "link", "object_kind", "outcome", "proximity", "qualifier", "role", "sex"),
    *("stance", "standing", "state", "status", "status_basis", "target_table", "topic"),
}
_DAY = pd.Timedelta(days=1)
_MINUTE = pd.Timedelta(minutes=1)


def read(*folders: Path) -> Tables:
    """Read what is needed of `<folder>/<table>/**/*.parquet`, the rows of all folders together.

    Codes come as categories and dates as datetimes; a whole number that may miss is a float.
    """
    return {
        table: pq.read_table(
            sorted(file for folder in folders for file in (folder / table).rglob("*.parquet")),
            columns=columns,
            partitioning=None,
            read_dictionary=[column for column in columns if column in _CODES],
        ).to_pandas(date_as_object=False)
        for table, columns in NEEDED.items()
    }


def civilian_harm_by_strike(tables: Tables, kinds: Collection[str] = ("strike",)) -> pd.DataFrame:
    """Give the view of that name: a row for each event of these kinds."""
    statements = _with_witnesses(tables)
    return _harm(tables, statements, _events(tables, statements), kinds)


def reactions_by_country(tables: Tables, kinds: Collection[str] = ("strike",)) -> pd.DataFrame:
    """Give the view of that name: a row for each responder and event.

    Parties to an event of these kinds have a row also where they did nothing.
    """
    statements = _with_witnesses(tables)
    return _reactions(tables, statements, _events(tables, statements), kinds)


def both(tables: Tables, kinds: Collection[str] = ("strike",)) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give `civilian_harm_by_strike` and `reactions_by_country`, their common steps taken once."""
    statements = _with_witnesses(tables)
    events = _events(tables, statements)
    return _harm(tables, statements, events, kinds), _reactions(tables, statements, events, kinds)


# --- what is used throughout ----------------------------------------------------------------


def _among(ids: pd.Series, others: pd.Series | pd.Index) -> pd.Series:
    """Tell which ids are among others; `isin` of pandas goes through texts one by one in Python."""
    found = pc.is_in(pa.array(ids), value_set=pa.array(others.dropna()))
    return pd.Series(found.to_numpy(zero_copy_only=False), index=ids.index)


def _lists(frame: pd.DataFrame, keys: list[str], column: str) -> pd.Series:
    """Join the texts of each group, each once and in alphabetical order, indexed by the keys."""
    rows = frame[[*keys, column]].dropna().drop_duplicates()
    rows[column] = rows[column].astype("str")
    rows = rows.sort_values([*keys, column])
    first = ~rows.duplicated(keys)
    texts = pa.ListArray.from_arrays(
        np.append(np.flatnonzero(first), len(rows)), pa.array(rows[column]).cast(pa.string())
    )
    lists = rows.loc[first, keys].assign(**{column: pc.binary_join(texts, "; ").to_pandas().array})
    return lists.set_index(keys)[column]


def _first(frame: pd.DataFrame, key: str, order: dict[str, bool]) -> pd.DataFrame:
    """Give of each group the row that comes first in an order: columns, and whether ascending."""
    alone = ~frame.duplicated(key, keep=False)
    rivals = frame[~alone].sort_values(list(order), ascending=list(order.values()))
    return pd.concat([frame[alone], rivals.drop_duplicates(key)])


def _utc(
    dates: pd.Series, times: pd.Series, offsets: pd.Series, added: int, without_time: int
) -> pd.Series:
    """Give instants of UTC; a day without a clock is a day of UTC, an hour without offset none."""
    minutes = pd.to_numeric(times.str[:2]) * 60 + pd.to_numeric(times.str[3:5]) + added
    minutes = minutes.fillna(without_time) - offsets.fillna(0)
    instants = dates + minutes.astype("int64").to_numpy().astype("timedelta64[m]")
    return instants.where(times.isna() | offsets.notna())


def _utc_from(dates: pd.Series, times: pd.Series, offsets: pd.Series) -> pd.Series:
    return _utc(dates, times, offsets, 0, 0)


def _utc_until(dates: pd.Series, times: pd.Series, offsets: pd.Series) -> pd.Series:
    return _utc(dates, times, offsets, 1, 24 * 60)


# --- statements and events ------------------------------------------------------------------


def _with_witnesses(tables: Tables) -> pd.DataFrame:
    """Give the statements, each with its witness, if it has one, and whether it stands [1-4]."""
    statements = tables["statements"]
    citations = tables["citations"]
    met = (
        citations[citations["cited_table"] == "statements"]
        .merge(tables["passages"], on="passage_id")
        .merge(tables["sources"], on="source_id")
        .merge(
            statements[["statement_id", "claimant_id"]],
            left_on="cited_id",
            right_on="statement_id",
        )
    )
    own = (met["claimant_id"] == met["publisher_id"]) | (met["claimant_id"] == met["author_id"])
    in_own_document = own.groupby(met["statement_id"], sort=False).transform("any")
    first_hand = ~met["proximity"].isin(SECOND_HAND)
    met["testifies"] = (met["role"] != "interprets") & first_hand.where(own, ~in_own_document)
    met["is_misrendered"] = met["fidelity"].isin(MISRENDERED)
    cited = met.groupby("statement_id", sort=False).agg(
        testifies=("testifies", "any"), is_misrendered=("is_misrendered", "all")
    )
    statements = statements.join(cited, on="statement_id")
    spoken_for = statements["on_behalf_of_id"].fillna(statements["claimant_id"])
    return statements.assign(
        spoken_for_id=spoken_for,
        witness_id=spoken_for.where(
            statements["testifies"] & (statements["attribution"] != "impersonal")
        ),
        is_withdrawn=statements["withdrawn_date"].notna(),
    )


def _held_values(tables: Tables, statements: pd.DataFrame) -> pd.DataFrame:
    """Give the days, hours and places said of events, and how many hold each [20]."""
    propositions = tables["propositions"]
    propositions = propositions[propositions["topic"].isin(["date", "time", "place"])]
    claims = tables["claims"]
    claims = claims[
        (claims["target_table"] == "propositions")
        & claims["stance"].isin(SUPPORT)
        & _among(claims["target_id"], propositions["proposition_id"])
    ]
    standing = statements.loc[
        ~statements["is_withdrawn"], ["statement_id", "claimant_id", "witness_id"]
    ]
    holders = (
        claims.merge(standing, on="statement_id")
        .groupby("target_id", sort=False)
        .agg(n_witnesses=("witness_id", "nunique"), n_claimants=("claimant_id", "nunique"))
    )
    held = propositions.merge(holders, left_on="proposition_id", right_index=True)
    return held.assign(
        n_claimants=held["n_claimants"].where(held["n_witnesses"] == 0, 0),
        span=held["value_to_date"] - held["value_from_date"],
        from_utc=_utc_from(
            held["value_from_date"], held["value_from_time"], held["value_utc_offset_minutes"]
        ),
        has_no_time=held["value_from_time"].isna(),
    )


def _places(tables: Tables, held: pd.DataFrame) -> pd.Series:
    """Name the places of each event: the finest of those that lie in one another [20]."""
    places = held[held["topic"] == "place"]
    rivals = places[places.duplicated("event_id", keep=False)]
    larger_of = tables["locations"].set_index("location_id")["part_of_id"]
    around = rivals[["event_id", "value_location_id"]]
    wider = []
    for _ in range(LARGER_PLACES):
        around = around.assign(value_location_id=around["value_location_id"].map(larger_of))
        around = around.dropna()
        wider.append(around)
    beaten = (
        rivals.rename_axis("row").reset_index().merge(pd.concat(wider).drop_duplicates())["row"]
    )
    places = places.drop(index=beaten)

    events = tables["events"]
    umbrellas = events.loc[events["kind"] == "series", "event_id"]
    is_umbrella = _among(places["event_id"], umbrellas)
    for count in ("n_witnesses", "n_claimants"):
        places = places.assign(holders=places[count].where(~is_umbrella, 0))
        most = places.groupby("event_id", sort=False)["holders"].transform("max")
        places = places[places["holders"] == most]
    names = tables["locations"][["location_id", "name"]].rename(columns={"name": "places"})
    places = places.merge(names, left_on="value_location_id", right_on="location_id")
    return _lists(places, ["event_id"], "places")


def _events(tables: Tables, statements: pd.DataFrame) -> pd.DataFrame:
    """Give the events, each with its parties, days, hours and places [20, 21]."""
    held = _held_values(tables, statements)
    order = {
        "has_no_time": True,
        "n_witnesses": False,
        "n_claimants": False,
        "span": True,
        "value_from_date": True,
        "from_utc": True,
        "proposition_id": True,
    }
    # Of days it does not count whether an hour is told with them.
    dates = held[held["topic"] == "date"].assign(has_no_time=False)
    dates = _first(dates, "event_id", order).set_index("event_id")
    times = _first(held[held["topic"] == "time"], "event_id", order).set_index("event_id")
    times = times[~times["has_no_time"]]

    actors = tables["actors"].set_index("actor_id")["name"]
    parties = tables["event_actors"]
    parties = parties.assign(name=parties["actor_id"].map(actors))
    attackers, struck = (
        _lists(parties[parties["role"] == role], ["event_id"], "name").rename(column)
        for role, column in (("attacker", "attackers"), ("struck", "struck"))
    )

    events = tables["events"].rename(columns={"label": "event"})
    members = (
        events[["event_id", "part_of_id"]]
        .dropna()
        .join(dates[["value_from_date", "value_to_date"]], on="event_id", how="inner")
    )
    members = members.groupby("part_of_id").agg(
        first_day=("value_from_date", "min"), last_day=("value_to_date", "max")
    )
    days, hours = (
        values.assign(
            until_utc=_utc_until(
                values["value_to_date"],
                values["value_to_time"],
                values["value_utc_offset_minutes"],
            )
        )
        for values in (dates, times)
    )
    hours = hours.assign(has_hour=hours["value_utc_offset_minutes"].notna())
    events = (
        events.join(attackers, on="event_id")
        .join(struck, on="event_id")
        .join(_places(tables, held), on="event_id")
        .join(days[["value_from_date", "value_to_date", "from_utc", "until_utc"]], on="event_id")
        .join(hours[["from_utc", "until_utc", "has_hour"]].add_prefix("clock_"), on="event_id")
        .join(members, on="event_id")
    )
    return events.assign(
        from_date=events["first_day"].fillna(events["value_from_date"]),
        to_date=events["last_day"].fillna(events["value_to_date"]),
        has_hour=events["clock_has_hour"].eq(True),
        from_utc=events["clock_from_utc"].fillna(events["first_day"]).fillna(events["from_utc"]),
        until_utc=events["clock_until_utc"]
        .fillna(events["last_day"] + _DAY)
        .fillna(events["until_utc"]),
    )


# --- people hurt ----------------------------------------------------------------------------


def _bounded(casualties: pd.DataFrame, qualifiers: pd.DataFrame) -> pd.DataFrame:
    """Add the bounds that follow from figure and qualifier."""
    qualifiers = qualifiers.set_index("code")
    low_from = casualties["qualifier"].map(qualifiers["low_from"])
    high_from = casualties["qualifier"].map(qualifiers["high_from"])
    low, high = casualties["figure_low"], casualties["figure_high"]
    above, below = low_from == "above_figure", high_from == "below_figure"
    without = low_from.map(WITHOUT_FIGURE).astype("float64")
    return casualties.assign(
        low=np.select([low_from == "figure", above], [low, low + 1], default=without),
        best=np.select(
            [above, below], [low + 1, high - 1], default=casualties["figure_best"].fillna(low)
        ),
        high=np.select([high_from == "figure", below], [high, high - 1], default=np.nan),
    )


def _parts(casualties: pd.DataFrame) -> pd.DataFrame:
    """Give the reports that are parts, each with its whole and with what that is a part of."""
    parts = casualties.loc[
        casualties["part_of_id"].notna(),
        ["casualty_id", "outcome", "high", "part_of_id", "divided_by"],
    ]
    wholes = casualties.loc[
        _among(casualties["casualty_id"], parts["part_of_id"]),
        ["casualty_id", "outcome", "high", "part_of_id"],
    ]
    return parts.merge(
        wholes.add_prefix("whole_"), left_on="part_of_id", right_on="whole_casualty_id"
    ).merge(
        wholes[["casualty_id", "outcome"]].add_prefix("outer_"),
        how="left",
        left_on="whole_part_of_id",
        right_on="outer_casualty_id",
    )


def _superseded(
    casualties: pd.DataFrame, parts: pd.DataFrame, statements: pd.DataFrame
) -> pd.Series:
    """Tell which reports a later one of the same side takes the place of, with their parts [5]."""
    updates = statements[
        statements["supersedes_id"].notna()
        & ~statements["is_withdrawn"]
        & ~statements["is_misrendered"]
    ]
    same = ["event_id", "outcome", "age_group", "sex"]
    pairs = casualties.merge(updates[["statement_id", "supersedes_id"]], on="statement_id").merge(
        casualties[_among(casualties["statement_id"], updates["supersedes_id"])],
        left_on=["supersedes_id", *same],
        right_on=["statement_id", *same],
        suffixes=("", "_earlier"),
    )
    same_status = (pairs["status"] == pairs["status_earlier"]) | (
        pairs["status"].isin(CIVILIANS) & pairs["status_earlier"].isin(CIVILIANS)
    )
    same_nation = (
        pairs["nationality"].isna()
        | pairs["nationality_earlier"].isna()
        | (
            (pairs["nationality"] == pairs["nationality_earlier"])
            & (pairs["is_nationality_negated"] == pairs["is_nationality_negated_earlier"])
        )
    )
    both_parts = pairs["part_of_id"].isna() == pairs["part_of_id_earlier"].isna()
    earlier = pairs.loc[same_status & same_nation & both_parts, "casualty_id_earlier"]
    of_earlier = _among(parts["part_of_id"], earlier) | _among(parts["whole_part_of_id"], earlier)
    return _among(
        casualties["casualty_id"], pd.concat([earlier, parts.loc[of_earlier, "casualty_id"]])
    )


def _standing(
    tables: Tables, casualties: pd.DataFrame, parts: pd.DataFrame, statements: pd.DataFrame
) -> pd.DataFrame:
    """Add who says each report, and the use that it is of [4-7]."""
    said = ["statement_id", "claimant_id", "witness_id", "is_withdrawn", "is_misrendered"]
    casualties = casualties.merge(statements[said], on="statement_id")
    events = tables["events"]
    umbrellas = events.loc[events["kind"] == "series", "event_id"]
    uses = {
        "withdrawn": casualties["is_withdrawn"],
        "superseded": _superseded(casualties, parts, statements),
        "misprint": casualties["is_misrendered"],
        "several_events": _among(casualties["event_id"], umbrellas),
        "part": casualties["part_of_id"].notna(),
    }
    use = np.select(list(uses.values()), list(uses), default="total")
    return casualties.assign(report_use=pd.Categorical(use))


def _groups(tables: Tables, casualties: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """Give the groups that each report speaks of, the outermost reports only [7-13].

    `harm_id` numbers event, outcome and group; `toll_id` numbers these and the statement.
    """
    actors = tables["actors"]
    states = actors.loc[actors["kind"] == "state", ["actor_id", "country"]]
    parties = tables["event_actors"]
    struck = parties[parties["role"] == "struck"].merge(states, on="actor_id")
    struck = struck[["event_id", "country"]].drop_duplicates()
    struck["n_struck"] = struck.groupby("event_id", sort=False)["event_id"].transform("size")

    in_partition = parts.groupby(["part_of_id", "divided_by"], sort=False, observed=True)["high"]
    adds_up = (
        (in_partition.transform("count") == in_partition.transform("size"))
        & (in_partition.transform("sum") == parts["whole_high"])
        & (parts["whole_part_of_id"].isna() | (parts["outer_outcome"] != parts["whole_outcome"]))
    )
    of_other_outcome = parts["whole_outcome"] != parts["outcome"]

    told = casualties[casualties["report_use"].isin(["total", "part"])].merge(
        struck.dropna(),
        how="left",
        left_on=["event_id", "nationality"],
        right_on=["event_id", "country"],
    )
    told["adds_up"] = _among(told["casualty_id"], parts.loc[adds_up, "casualty_id"])
    told["is_whole"] = told["part_of_id"].isna() | _among(
        told["casualty_id"], parts.loc[of_other_outcome, "casualty_id"]
    )
    is_child, is_adult = told["age_group"] == "child", told["age_group"] == "adult"
    is_civilian = told["status"] == "civilian"
    members = {
        "everyone": told["is_whole"],
        "children": is_child,
        "women": is_adult & (told["sex"] == "female"),
        "men": is_adult & (told["sex"] == "male"),
        "foreign_nationals": np.where(
            told["is_nationality_negated"],
            told["n_struck"] == 1,
            told["nationality"].notna() & told["n_struck"].isna(),
        ),
        "stated_civilians": is_civilian & (told["status_basis"] == "stated"),
        "presumed_civilians": is_child & (told["status"] == "not_stated"),
        "forces": told["status"].isin(FORCES),
    }
    told["is_of_some"] = (
        (told["age_group"] != "not_stated")
        | (told["sex"] != "not_stated")
        | ~told["status"].isin(CIVILIANS)
    )
    groups = pd.concat(
        [
            told[is_member].assign(
                victim_group=pd.Categorical([group] * np.sum(is_member), list(members)),
                divided_well=told["divided_by"] == DIVIDED_BY.get(group, "age_and_sex"),
                is_of_some=told["is_of_some"] & (group == "everyone"),
            )
            for group, is_member in members.items()
        ],
        ignore_index=True,
    )
    # A part of a report that is itself in the group is already counted in it.
    key = ["casualty_id", "victim_group", "outcome"]
    inner = (
        groups.loc[groups["part_of_id"].notna(), ["part_of_id", "victim_group", "outcome"]]
        .reset_index()
        .merge(groups[key], left_on=["part_of_id", *key[1:]], right_on=key)
    )
    groups = groups.drop(index=inner["index"])
    leaves_nobody_over = groups["is_whole"] | (groups["adds_up"] & groups["divided_well"])
    harm = ["event_id", "outcome", "victim_group"]
    return groups.assign(
        high=groups["high"].where(leaves_nobody_over & ~groups["is_of_some"]),
        harm_id=groups.groupby(harm, sort=False, observed=True).ngroup(),
        toll_id=groups.groupby(["statement_id", *harm], sort=False, observed=True).ngroup(),
    )


def _tolls(groups: pd.DataFrame) -> pd.DataFrame:
    """Give what each statement says of each group, by `toll_id` [12-14]."""
    wholes = groups.assign(
        whole_id=groups["part_of_id"].fillna(groups["casualty_id"]),
        divided_by=groups["divided_by"].astype("str").fillna("whole"),
    )
    added = wholes.groupby(["toll_id", "whole_id", "divided_by"], sort=False).agg(
        n=("low", "size"),
        n_low=("low", "count"),
        low=("low", "sum"),
        n_best=("best", "count"),
        best=("best", "sum"),
        most=("best", "max"),
        n_high=("high", "count"),
        high=("high", "sum"),
        is_of_some=("is_of_some", "any"),
        adds_up=("adds_up", "all"),
    )
    added = added.reset_index()
    is_a_count = (added["divided_by"] != "person") | added["adds_up"]
    nobody_of_some = added["is_of_some"] & (added["most"] == 0)
    best = added["best"].where((added["n_best"] == added["n"]) & is_a_count & ~nobody_of_some)
    low = added["low"].where(added["n_low"] > 0)
    added = added.assign(
        low=low,
        best=best,
        high=added["high"].where(added["n_high"] == added["n"]),
        low_without_figure=low.where(best.isna(), 0),
        is_for_all=best.notna() & ~added["is_of_some"],
    )
    tolls = added.groupby("toll_id", sort=False).agg(
        n=("low", "size"),
        low=("low", "max"),
        low_without_figure=("low_without_figure", "max"),
        best=("best", "max"),
        high=("high", "max"),
        is_for_all=("is_for_all", "any"),
        is_of_some=("is_of_some", "all"),
    )
    has_figure = tolls["best"] >= tolls["low_without_figure"]
    tolls = tolls.assign(
        is_of_some=np.where(has_figure, ~tolls["is_for_all"], tolls["is_of_some"]),
        best=tolls["best"].where(has_figure),
        high=tolls["high"].where(tolls["n"] == 1),
    )
    told = groups.drop_duplicates("toll_id").set_index("toll_id")
    return _counted(tolls.join(told[["harm_id", "witness_id"]]))


def _counted(tolls: pd.DataFrame) -> pd.DataFrame:
    """Add which tolls count, and for how many [13, 14]."""
    given = tolls[tolls["best"].notna()]
    speakers = given.assign(is_for_all=~given["is_of_some"]).groupby(
        ["harm_id", "witness_id"], sort=False, dropna=False
    )
    speakers = speakers["is_for_all"].any().reset_index()
    is_witness = speakers["witness_id"].notna()
    attestation = (
        speakers.assign(
            witnesses_for_all=speakers["is_for_all"] & is_witness,
            witnesses_for_some=~speakers["is_for_all"] & is_witness,
        )
        .groupby("harm_id", sort=False)[["is_for_all", "witnesses_for_all", "witnesses_for_some"]]
        .sum()
    )
    of_harm = attestation.reindex(tolls["harm_id"]).fillna(0).set_index(tolls.index)
    for_all, for_some = of_harm["witnesses_for_all"], of_harm["witnesses_for_some"]
    is_figure = ~tolls["is_of_some"] | (for_some > for_all) | (of_harm["is_for_all"] == 0)
    return tolls.assign(
        is_counted=tolls["witness_id"].notna() | (for_all + for_some == 0),
        figure=tolls["best"].where(is_figure),
    )


def _estimates(tolls: pd.DataFrame) -> pd.DataFrame:
    """Give low, best and high of each harm, and how many witnesses give best [15-17]."""
    tolls = tolls[tolls["is_counted"]]
    figures = (
        tolls.groupby(["harm_id", "figure"], sort=False)["witness_id"]
        .nunique()
        .rename("n_witnesses")
        .reset_index()
    )
    chosen = _first(figures, "harm_id", {"n_witnesses": False, "figure": True})
    ranges = (
        tolls.assign(low_of_figure=tolls["low"].where(tolls["figure"].notna()))
        .groupby("harm_id", sort=False)
        .agg(
            n_figures=("figure", "count"),
            low=("low", "min"),
            low_of_figure=("low_of_figure", "min"),
            greatest_low=("low", "max"),
            high=("high", "max"),
        )
        .join(chosen.set_index("harm_id"))
    )
    best = ranges["figure"]
    low = ranges["low_of_figure"].where(ranges["n_figures"] > 0, ranges["low"])
    beyond = (ranges["greatest_low"] > ranges["high"]) | (best > ranges["high"])
    return pd.DataFrame(
        {
            "low": low.mask(low > best, best),
            "best": best,
            "high": ranges["high"].mask(beyond),
            "best_witnesses": ranges["n_witnesses"],
        }
    )


def _grades(
    tables: Tables, statements: pd.DataFrame, groups: pd.DataFrame, tolls: pd.DataFrame
) -> pd.Series:
    """Grade how well each harm is attested, by `harm_id` [19]."""
    of_tolls = pd.DataFrame(
        {
            "harm_id": tolls["harm_id"],
            "witness_id": tolls["witness_id"],
            "tells": tolls["best"].fillna(tolls["low"]) > 0,
            "denies": tolls["high"] == 0,
        }
    )
    claims = tables["claims"]
    claims = (
        claims[claims["target_table"] == "casualties"]
        .merge(
            statements.loc[~statements["is_withdrawn"], ["statement_id", "witness_id"]].dropna(),
            on="statement_id",
        )
        .merge(
            groups.loc[~groups["is_of_some"], ["casualty_id", "harm_id", "best", "high"]],
            left_on="target_id",
            right_on="casualty_id",
        )
    )
    of_harm = claims["best"].isna() | (claims["best"] > 0)
    of_claims = pd.DataFrame(
        {
            "harm_id": claims["harm_id"],
            "witness_id": claims["witness_id"],
            "tells": of_harm & claims["stance"].isin(["asserts", "endorses", "concedes"]),
            "denies": np.where(
                of_harm,
                claims["stance"].isin(OPPOSE),
                (claims["high"] == 0) & claims["stance"].isin(SUPPORT),
            ),
        }
    )
    testimony = pd.concat([of_tolls, of_claims], ignore_index=True)
    testimony["denies"] &= testimony["witness_id"].notna()
    telling = testimony[testimony["tells"]]
    parties = tables["event_actors"]
    attackers = parties.loc[parties["role"] == "attacker", ["event_id", "actor_id"]]
    events = groups.drop_duplicates("harm_id").set_index("harm_id")["event_id"]
    from_attacker = telling.assign(event_id=telling["harm_id"].map(events)).merge(
        attackers, left_on=["event_id", "witness_id"], right_on=["event_id", "actor_id"]
    )
    harms = testimony.groupby("harm_id", sort=False)[["tells", "denies"]].any()
    n_witnesses = telling.groupby("harm_id", sort=False)["witness_id"].nunique()
    several = harms.index.isin(n_witnesses.index[n_witnesses > 1])
    grades = {
        "discounted": ~harms["tells"],
        "contested": harms["denies"],
        "confirmed": harms.index.isin(from_attacker["harm_id"]) & several,
        "fair": several,
    }
    grade = np.select(list(grades.values()), list(grades), default="weak")
    return pd.Series(grade, index=harms.index, name="grade", dtype="str")


def _reports(casualties: pd.DataFrame, groups: pd.DataFrame, tolls: pd.DataFrame) -> pd.DataFrame:
    """Count the reports of each event, and name the qualifiers of its totals of killed."""
    used = groups[["casualty_id", "toll_id"]].merge(
        tolls[["is_counted"]], left_on="toll_id", right_index=True
    )
    counting = used.loc[used["is_counted"], "casualty_id"]
    is_standing = casualties["report_use"].isin(["total", "part"])
    is_total = casualties["report_use"] == "total"
    second_hand = (
        is_standing
        & _among(casualties["casualty_id"], used["casualty_id"])
        & ~_among(casualties["casualty_id"], counting)
    )
    is_whole = casualties["part_of_id"].isna()
    set_aside = casualties["report_use"].isin(["withdrawn", "superseded", "misprint"])
    stands = is_standing & ~second_hand
    reports = (
        casualties.assign(
            n_reports=is_whole,
            n_reports_without_figure=is_whole & casualties["best"].isna(),
            n_reports_set_aside=is_whole & set_aside,
            n_standing=stands,
            n_standing_with_figure=stands & casualties["best"].notna(),
        )
        .groupby("event_id", sort=False)
        .agg(
            n_reports=("n_reports", "sum"),
            n_claimants=("claimant_id", "nunique"),
            n_witnesses=("witness_id", "nunique"),
            n_reports_without_figure=("n_reports_without_figure", "sum"),
            n_reports_set_aside=("n_reports_set_aside", "sum"),
            n_standing=("n_standing", "sum"),
            n_standing_with_figure=("n_standing_with_figure", "sum"),
        )
    )
    killed = casualties[is_total & ~second_hand & (casualties["outcome"] == "killed")]
    qualifiers = _lists(killed, ["event_id"], "qualifier").rename("killed_qualifiers")
    return reports.join(qualifiers)


def _damage(tables: Tables, statements: pd.DataFrame) -> pd.DataFrame:
    """Count the reports of things hit in each event, and list these apart by who says it."""
    damage = tables["damage"]
    parties = tables["event_actors"]
    standing = statements[~statements["is_withdrawn"]]
    says = standing["witness_id"].fillna(standing["claimant_id"])
    damage = (
        damage[damage["extent"] != "undamaged"]
        .merge(standing[["statement_id"]].assign(says_id=says), on="statement_id")
        .merge(
            parties.loc[parties["role"] == "attacker", ["event_id", "actor_id"]],
            how="left",
            left_on=["event_id", "says_id"],
            right_on=["event_id", "actor_id"],
        )
    )
    by_attacker = damage["actor_id"].notna()
    return pd.concat(
        [
            damage.groupby("event_id", sort=False).size().rename("n_damage_reports"),
            _lists(damage[~by_attacker], ["event_id"], "object_kind").rename("objects_hit"),
            _lists(damage[by_attacker], ["event_id"], "object_kind").rename(
                "objects_hit_says_attacker"
            ),
        ],
        axis=1,
    )


def _harm(
    tables: Tables, statements: pd.DataFrame, events: pd.DataFrame, kinds: Collection[str]
) -> pd.DataFrame:
    chosen = ["event_id", "event", "attackers", "struck", "places", "from_date", "to_date"]
    harm = events.loc[events["kind"].isin(kinds), chosen]
    casualties = tables["casualties"]
    casualties = _bounded(
        casualties[_among(casualties["event_id"], harm["event_id"])], tables["qualifiers"]
    )
    parts = _parts(casualties)
    casualties = _standing(tables, casualties, parts, statements)
    groups = _groups(tables, casualties, parts)
    tolls = _tolls(groups)

    harms = groups.drop_duplicates("harm_id").set_index("harm_id")
    harms = harms[["event_id", "outcome", "victim_group"]].join(_estimates(tolls))
    harms = harms.join(_grades(tables, statements, groups, tolls))
    # Where every report was set aside there is no toll left to weigh.
    is_used = casualties["report_use"].isin(["total", "part", "several_events"])
    reported = casualties[["event_id", "outcome"]].assign(is_used=is_used)
    reported = reported.groupby(["event_id", "outcome"], sort=False, observed=True).any()
    set_aside = reported[~reported["is_used"]].reset_index()
    set_aside = set_aside.assign(victim_group="everyone", grade="discounted")
    harms = pd.concat([harms, set_aside.drop(columns="is_used")])

    figures = []
    hit = ("killed_or_injured", "everyone")
    for measure, (outcome, group) in {**MEASURES, "hit": hit}.items():
        wanted = (harms["outcome"] == outcome) & (harms["victim_group"] == group)
        of_measure = harms[wanted].set_index("event_id")
        figures.append(
            of_measure[["low", "best", "high", "grade", "best_witnesses"]].add_prefix(f"{measure}_")
        )
    harm = harm.set_index("event_id").join(
        [*figures, _reports(casualties, groups, tolls), _damage(tables, statements)]
    )
    nobody_hit = harm["hit_high"].fillna(harm["hit_best"]).fillna(harm["hit_low"]).fillna(0) == 0
    nobody_injured = harm["injured_high"].fillna(harm["injured_low"]).fillna(0) == 0
    recorded = {
        "nothing_recorded": harm["n_standing"].fillna(0) == 0,
        "reported_zero": (harm["killed_high"].fillna(harm["hit_high"]) == 0)
        & (harm["killed_low"].isna() | (harm["killed_high"] == 0))
        & nobody_injured
        & nobody_hit,
        "reported": harm["n_standing_with_figure"] > 0,
    }
    counts = [
        *("n_damage_reports", "n_reports", "n_claimants", "n_witnesses"),
        *("n_reports_without_figure", "n_reports_set_aside"),
    ]
    harm[counts] = harm[counts].fillna(0).astype("int64")
    harm["harm_recorded"] = np.select(
        list(recorded.values()), list(recorded), default="reported_without_figure"
    )
    columns = [
        *chosen,
        *(f"{measure}_{what}" for measure in MEASURES for what in ("low", "best", "high", "grade")),
        *("killed_best_witnesses", "injured_best_witnesses", "killed_qualifiers"),
        *("objects_hit", "objects_hit_says_attacker", *counts, "harm_recorded"),
    ]
    return harm.reset_index()[columns]


# --- reactions ------------------------------------------------------------------------------


def _roles(tables: Tables) -> pd.DataFrame:
    """Give the part that an actor has in an event, what was struck before who attacked [24]."""
    actors, relations = tables["actors"], tables["actor_relations"]
    states = actors.loc[actors["kind"].isin(STATES), "actor_id"]
    states = relations[
        (relations["kind"] == "part_of")
        & (relations["standing"] != "former")
        & _among(relations["other_actor_id"], states)
    ]
    parties = tables["event_actors"]
    parties = parties[parties["role"].isin(["struck", "on_soil_of", "attacker"])]
    of_states = parties.merge(states[["actor_id", "other_actor_id"]], on="actor_id")
    of_states = of_states.assign(actor_id=of_states["other_actor_id"])
    umbrella_of = tables["events"].set_index("event_id")["part_of_id"].dropna()
    of_umbrellas = parties.assign(event_id=parties["event_id"].map(umbrella_of)).dropna()
    of_theirs = of_umbrellas.assign(event_id=of_umbrellas["event_id"].map(umbrella_of)).dropna()
    parts = pd.concat([parties, of_states, of_umbrellas, of_theirs])
    is_struck = (
        parts.assign(is_struck=parts["role"] != "attacker")
        .groupby(["event_id", "actor_id"], sort=False)["is_struck"]
        .any()
        .reset_index()
    )
    role = np.where(is_struck["is_struck"], "struck", "attacker")
    return is_struck[["event_id", "actor_id"]].assign(reaction_role=role)


def _responses(tables: Tables) -> pd.DataFrame:
    """Give the responses with their state, day and codes [22, 25]."""
    codes = tables["codes"]
    furthest = codes[codes["code_list"] == "response_state_kinds"].set_index("code")["sort_order"]
    states = tables["response_states"]
    is_undated = states["from_date"].isna().groupby(states["response_id"], sort=False)
    states = states.assign(
        sort_order=states["state"].map(furthest).astype("int64"),
        latest_date=states["from_date"].mask(is_undated.transform("any")),
        is_done=states["state"] == "done",
        is_settled=states["state"].isin(["ordered", "agreed"]),
        span=states["to_date"] - states["from_date"],
    )
    standing = _first(states, "response_id", {"latest_date": False, "sort_order": False})
    days = _first(
        states,
        "response_id",
        {
            "is_done": False,
            "is_settled": False,
            "span": True,
            "local_time": True,
            "sort_order": False,
            "latest_date": False,
            "statement_id": True,
        },
    )
    days = days[["response_id", "from_date", "to_date", "local_time", "utc_offset_minutes"]]
    clock = (days["local_time"], days["utc_offset_minutes"])
    days = days.assign(
        from_utc=_utc_from(days["from_date"], *clock),
        until_utc=_utc_until(days["to_date"], *clock),
        has_hour=clock[0].notna() & clock[1].notna(),
    )
    responses = tables["responses"].merge(standing[["response_id", "state"]], on="response_id")
    responses = responses.merge(days, on="response_id")
    reversals = responses[responses["reverses_id"].notna() & (responses["state"] == "done")]
    reversals = reversals.groupby("reverses_id", sort=False)["from_date"].min()
    is_reversed = _among(responses["response_id"], reversals.index)
    return (
        responses.assign(is_reversed=is_reversed)
        .join(reversals.rename("reversed_from_date"), on="response_id")
        .merge(tables["action_crosswalk"], how="left", left_on="kind", right_on="response_kind")
    )


def _acts(tables: Tables, events: pd.DataFrame, kinds: Collection[str]) -> pd.DataFrame:
    """Give every act upon an event: responses, and the strikes made in answer [22, 23]."""
    codes = tables["codes"]
    levels = codes[codes["code_list"] == "levels"].set_index("code")["sort_order"]
    who = tables["response_actors"]
    who = who.assign(level_order=who["level"].map(levels).astype("int64"))
    responders = (
        who[who["role"] == "actor"]
        .groupby(["response_id", "on_behalf_of_id"], sort=False)["level_order"]
        .min()
        .reset_index()
        .rename(columns={"on_behalf_of_id": "responder_id"})
    )
    names = tables["actors"].set_index("actor_id")["name"]
    told = who[who["role"].isin(["addressee", "counterpart"])]
    told = told.assign(addressees=told["on_behalf_of_id"].fillna(told["actor_id"]).map(names))
    responses = (
        _responses(tables)
        .join(_lists(told, ["response_id"], "addressees"), on="response_id")
        .merge(tables["response_events"], on="response_id")
        .merge(responders, on="response_id")
    )

    links, parties, actors = tables["event_links"], tables["event_actors"], tables["actors"]
    states = actors.loc[actors["kind"] == "state", "actor_id"]
    attackers = parties[(parties["role"] == "attacker") & _among(parties["actor_id"], states)]
    answers = (
        links.loc[links["link"] == "in_answer_to", ["event_id", "linked_event_id"]]
        .merge(attackers[["event_id", "actor_id"]], on="event_id")
        .drop_duplicates()
        .merge(events[events["kind"].isin(kinds)], on="event_id")
        .drop(columns="event_id")
        .rename(
            columns={
                "linked_event_id": "event_id",
                "actor_id": "responder_id",
                "struck": "addressees",
            }
        )
    )
    crosswalk = tables["action_crosswalk"]
    strike = crosswalk[crosswalk["response_kind"] == "military_strike"]
    answers = answers.merge(strike, how="cross").assign(state="done", is_reversed=False)
    columns = [
        *("event_id", "responder_id", "response_kind", "state", "is_reversed"),
        *("reversed_from_date", "level_order", "addressees", "from_date", "to_date", "has_hour"),
        *("from_utc", "until_utc", "cameo_code", "goldstein", "plover_event", "is_military"),
    ]
    acts = pd.concat(
        [responses.assign(is_military=False), answers.assign(is_military=True)],
        ignore_index=True,
    )
    return acts[columns]


def _acts_counted(acts: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Sum up the acts of each responder upon each event [22, 25, 26]."""
    key = ["responder_id", "event_id"]
    of_event = ["event_id", "from_date", "to_date", "from_utc", "until_utc", "has_hour"]
    acts = acts.merge(events[of_event], on="event_id", suffixes=("", "_of_event"))
    is_timed = (acts["has_hour"] & acts["has_hour_of_event"]).astype("bool")
    since = {
        "days_low": (acts["from_date"] - acts["to_date_of_event"]) / _DAY,
        "days_high": (acts["to_date"] - acts["from_date_of_event"]) / _DAY,
        "minutes_low": (acts["from_utc"] - acts["until_utc_of_event"]) / _MINUTE,
        "minutes_high": (acts["until_utc"] - acts["from_utc_of_event"]) / _MINUTE,
    }
    # A response does not come before its event.
    since = {name: value.clip(lower=0) for name, value in since.items()}
    acts = acts.assign(
        **since,
        timed_low=since["minutes_low"].where(is_timed),
        timed_high=since["minutes_high"].where(is_timed),
        goldstein=acts["goldstein"].astype("float64"),
        is_done=acts["state"].isin(DONE),
        is_announced=acts["state"].isin(ANNOUNCED),
        is_disputed=acts["state"] == "disputed",
        is_not_done=acts["state"].isin(NOT_DONE),
        has_no_code=acts["cameo_code"].isna(),
        is_reversed=acts["is_reversed"].astype("bool"),
    )
    counted = acts.groupby(key, sort=False).agg(
        n_acts=("state", "size"),
        n_acts_done=("is_done", "sum"),
        n_military_answers=("is_military", "sum"),
        n_acts_announced=("is_announced", "sum"),
        n_acts_disputed=("is_disputed", "sum"),
        n_acts_not_done=("is_not_done", "sum"),
        n_acts_reversed=("is_reversed", "sum"),
        first_reversal_date=("reversed_from_date", "min"),
        level_order=("level_order", "min"),
        lowest_goldstein=("goldstein", "min"),
        highest_goldstein=("goldstein", "max"),
        n_acts_without_cameo_code=("has_no_code", "sum"),
        first_act_date=("from_date", "min"),
        last_act_date=("to_date", "max"),
        latency_days_low=("days_low", "min"),
        latency_days_high=("days_high", "min"),
        minutes_low=("minutes_low", "min"),
        minutes_high=("minutes_high", "min"),
        timed_low=("timed_low", "min"),
        timed_high=("timed_high", "min"),
    )
    is_exact = (counted["minutes_low"] == counted["timed_low"]) & (
        counted["minutes_high"] == counted["timed_high"]
    )
    is_dated = counted["first_act_date"].notna()
    counted = counted.assign(
        latency_hours_low=np.floor(counted["minutes_low"] / 60),
        latency_hours_high=np.ceil(counted["minutes_high"] / 60),
        latency_precision=is_dated.map({True: "day"}).mask(is_exact, "hour"),
    )
    lists = {
        "kinds": "response_kind",
        "states": "state",
        "addressees": "addressees",
        "plover_events": "plover_event",
    }
    return counted.join([_lists(acts, key, column).rename(name) for name, column in lists.items()])


def _reactions(
    tables: Tables, statements: pd.DataFrame, events: pd.DataFrame, kinds: Collection[str]
) -> pd.DataFrame:
    key = ["responder_id", "event_id"]
    acts = _acts_counted(_acts(tables, events, kinds), events)
    roles = _roles(tables).rename(columns={"actor_id": "responder_id"})
    actors = tables["actors"]
    states = actors.loc[actors["kind"].isin(STATES), "actor_id"]
    chosen = events.loc[events["kind"].isin(kinds), "event_id"]
    parties = roles[_among(roles["responder_id"], states) & _among(roles["event_id"], chosen)]
    responders = pd.concat([parties[key], acts.reset_index()[key]]).drop_duplicates()

    # Who says that it has no position yet has said something, though it has done nothing.
    claims = tables["claims"]
    silent = (
        claims[(claims["stance"] == "no_position") & (claims["target_table"] == "propositions")]
        .merge(
            statements.loc[~statements["is_withdrawn"], ["statement_id", "spoken_for_id"]],
            on="statement_id",
        )
        .merge(
            tables["propositions"][["proposition_id", "event_id"]].dropna(),
            left_on="target_id",
            right_on="proposition_id",
        )
        .rename(columns={"spoken_for_id": "responder_id"})[key]
        .drop_duplicates()
        .assign(reaction="said_no_position")
    )
    codes = tables["codes"]
    levels = codes[codes["code_list"] == "levels"].set_index("sort_order")["code"]
    named = actors.rename(
        columns={"actor_id": "responder_id", "name": "responder", "kind": "responder_kind"}
    )
    reactions = (
        responders.merge(named, on="responder_id")
        .merge(events[["event_id", "event"]], on="event_id")
        .merge(roles, how="left", on=key)
        .merge(silent, how="left", on=key)
        .join(acts, on=key)
    )
    counts = [column for column in acts.columns if column.startswith("n_")]
    is_recorded = reactions["n_acts"].notna()
    reactions[counts] = reactions[counts].fillna(0).astype("int64")
    reactions = reactions.assign(
        reaction_role=reactions["reaction_role"].fillna("third_party"),
        reaction=reactions["reaction"].fillna("none_recorded").mask(is_recorded, "recorded"),
        highest_level=reactions["level_order"].map(levels),
    )
    return reactions[
        [
            *("responder_id", "responder", "responder_kind", "event_id", "event"),
            *("reaction_role", "reaction", "n_acts", "n_acts_done", "n_military_answers"),
            *("n_acts_announced", "n_acts_disputed", "n_acts_not_done", "n_acts_reversed"),
            *("first_reversal_date", "kinds", "states", "addressees", "highest_level"),
            *("lowest_goldstein", "highest_goldstein", "plover_events"),
            *("n_acts_without_cameo_code", "first_act_date", "last_act_date"),
            *("latency_days_low", "latency_days_high", "latency_hours_low"),
            *("latency_hours_high", "latency_precision"),
        ]
    ]
