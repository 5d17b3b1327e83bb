"""Why an estimate is what it is: the reports behind it, which count, which do not, and why.

What a statement says of a group, and whether it counts, is read from the two intermediate tables
that the estimates are made of; nothing is estimated here a second time.
"""

import html
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from strike_ledger.declarations import REPORTS, tables
from strike_ledger.reading import connect, grouped

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    from rich.text import Text
    from rich.tree import Tree

# The intermediate tables without which nothing can be explained.
INTERMEDIATE = ("int_casualty_groups", "int_statement_tolls")
_HARM = "civilian_harm_by_strike"
_WIDTH = 80

# Why a report counts or does not: the number of its rule in RULES.md, and the words where the list
# report_uses has none for the measure that is asked.
_RULE = {
    "figure": 15,
    "no_figure": 17,
    "some_only": 13,
    "second_hand": 14,
    "misprint": 3,
    "withdrawn": 4,
    "superseded": 5,
    "several_events": 6,
    "no_estimate": 7,
    "part": 7,
    "within": 12,
    "other_group": 8,
}
_HEADING = "From rival reports to a range"
_LABEL = {
    "figure": "Gives a figure",
    "no_figure": "Without a figure",
    "some_only": "A figure of some alone",
    "within": "Counted in its whole",
    "other_group": "Not of this group",
}
_WHY = {
    "figure": "Gives a figure.",
    "no_figure": "Gives no figure: its least is low only where no report has a figure, "
    "and can leave high unknown.",
    "some_only": "Tells of some alone: no figure for everyone, since enough witnesses give one; "
    "its least can leave high unknown.",
    "within": "Part of a report that is already counted in the group.",
    "other_group": "Its own words do not put it in the group.",
}
_FIGURE_OF_SOME = (
    "Tells of some alone, and stands for everyone because nobody gives a figure for all, "
    "or fewer witnesses do (RULES.md 13)."
)
_OF_SOME = "Tells of some alone (RULES.md 13)."
_A_LEAST = "Told one by one, or beside a word without a figure: only a least (RULES.md 12)."
_DRAWN = "Draws on others, and counts because no witness gives a figure (RULES.md 14)."
# They are many and say nothing of the measure: the tree counts them, `reports` lists them.
_ONLY_COUNTED = ("part", "within", "other_group")

_REPORTS = """
with recursive

umbrellas as (
    select part_of_id as event_id
    from marts.fct_events
    where event_id = $event_id and part_of_id is not null

    union

    select events.part_of_id
    from umbrellas
    inner join marts.fct_events as events on umbrellas.event_id = events.event_id
    where events.part_of_id is not null
),

in_the_group as (
    select * from intermediate.int_casualty_groups
    where event_id = $event_id and outcome = $outcome and victim_group = $victim_group
),

within as (
    select casualties.casualty_id
    from marts.fct_casualties as casualties
    inner join in_the_group on casualties.part_of_id = in_the_group.casualty_id

    union

    select casualties.casualty_id
    from within
    inner join marts.fct_casualties as casualties on within.casualty_id = casualties.part_of_id
),

attackers as (
    select distinct actor_id from marts.fct_event_actors
    where event_id = $event_id and event_role = 'attacker'
),

updates as (
    select
        statements.supersedes_id as statement_id,
        string_agg(
            distinct concat_ws(', ', statements.claimant, statements.said_from_date)
            || ': "' || later.wording || '"',
            '; '
            order by concat_ws(', ', statements.claimant, statements.said_from_date)
            || ': "' || later.wording || '"'
        ) as updated_by
    from marts.fct_statements as statements
    inner join marts.fct_casualties as later on statements.statement_id = later.statement_id
    where
        later.event_id = $event_id
        and later.outcome = $outcome
        and later.part_of_id is null
        and later.report_use not in ('withdrawn', 'misprint')
    group by statements.supersedes_id
)

select
    casualties.casualty_id,
    casualties.statement_id,
    casualties.event_id,
    casualties.outcome,
    statements.claimant,
    statements.witness_id,
    statements.witness,
    attackers.actor_id is not null as is_word_of_attacker,
    tolls.is_official,
    statements.said_from_date,
    statements.said_to_date,
    casualties.wording,
    casualties.qualifier,
    casualties.low,
    casualties.best,
    casualties.high,
    casualties.part_of_id,
    whole.wording as part_of_wording,
    coalesce(tolls.is_counted, false) as is_used,
    case
        when tolls.is_counted and tolls.figure is not null then 'figure'
        when tolls.is_counted and tolls.best is not null then 'some_only'
        when tolls.is_counted then 'no_figure'
        when not tolls.is_counted then 'second_hand'
        when
            casualties.report_use in ('withdrawn', 'superseded', 'misprint', 'several_events')
            then casualties.report_use
        when casualties.outcome <> $outcome then 'no_estimate'
        when $victim_group = 'everyone' then 'part'
        when within.casualty_id is not null then 'within'
        else 'other_group'
    end as use,
    case
        when tolls.is_counted and statements.witness_id is null then $drawn_from_others
        when tolls.is_counted and tolls.is_of_some_only and tolls.figure is not null
            then $figure_of_some
        when tolls.is_counted and tolls.is_of_some_only then $some_only
        when tolls.is_counted and tolls.best is null and casualties.best is not null
            then $only_a_least
        when casualties.report_use = 'several_events' then 'It is of: ' || events.event || '.'
        when casualties.report_use = 'superseded' then 'Updated by ' || updates.updated_by || '.'
        when casualties.report_use = 'withdrawn'
            then 'Taken back on ' || statements.withdrawn_date || '.'
    end as note,
    tolls.low as statement_low,
    tolls.best as statement_best,
    tolls.high as statement_high,
    case when tolls.is_counted then tolls.figure end as statement_figure,
    coalesce(casualties.own_passage, statements.passages) as passages
from marts.fct_casualties as casualties
inner join marts.fct_statements as statements
    on casualties.statement_id = statements.statement_id
inner join marts.fct_events as events on casualties.event_id = events.event_id
left join marts.fct_casualties as whole on casualties.part_of_id = whole.casualty_id
left join in_the_group on casualties.casualty_id = in_the_group.casualty_id
left join intermediate.int_statement_tolls as tolls
    on
        in_the_group.statement_id = tolls.statement_id
        and in_the_group.event_id = tolls.event_id
        and in_the_group.outcome = tolls.outcome
        and in_the_group.victim_group = tolls.victim_group
left join within on casualties.casualty_id = within.casualty_id
left join attackers on statements.witness_id = attackers.actor_id
left join updates on casualties.statement_id = updates.statement_id
where
    casualties.outcome in ($outcome, 'killed_or_injured')
    and (
        casualties.event_id = $event_id
        or casualties.event_id in (select umbrellas.event_id from umbrellas)
    )
order by
    is_used desc, use, statement_figure, statements.witness nulls last, statements.claimant,
    statements.said_from_date nulls last, casualties.statement_id, casualties.casualty_id
"""

_STANCES = """
select
    claims.target_id as casualty_id,
    in_the_group.statement_id,
    claims.stance,
    claims.claimant,
    claims.witness_id,
    statements.witness,
    exists (
        select 1 from marts.fct_event_actors as parts
        where
            parts.event_id = $event_id
            and parts.event_role = 'attacker'
            and parts.actor_id = claims.witness_id
    ) as is_word_of_attacker,
    claims.said_from_date,
    claims.said_to_date,
    claims.stance in ('asserts', 'endorses', 'concedes') and coalesce(in_the_group.best > 0, true)
        as tells_of_harm,
    case
        when coalesce(in_the_group.best > 0, true)
            then claims.stance in ('doubts', 'denies', 'rejects')
        else
            in_the_group.high = 0
            and claims.stance in ('asserts', 'implies', 'reports', 'endorses', 'concedes')
    end as denies_harm,
    claims.passages
from marts.fct_claims as claims
inner join marts.fct_statements as statements on claims.statement_id = statements.statement_id
inner join intermediate.int_casualty_groups as in_the_group
    on claims.target_id = in_the_group.casualty_id and not in_the_group.is_of_some_only
where
    claims.target_table = 'casualties'
    and claims.withdrawn_date is null
    and claims.witness_id is not null
    and in_the_group.event_id = $event_id
    and in_the_group.outcome = $outcome
    and in_the_group.victim_group = $victim_group
order by claims.claimant, claims.said_from_date nulls last, claims.statement_id, claims.target_id
"""


def measures() -> list[str]:
    """Give the measures that can be explained: the stems of the columns `<measure>_best`."""
    names = tables(REPORTS)[_HARM].column_names
    return [name.removesuffix("_best") for name in names if name.endswith("_best")]


@dataclass(frozen=True, eq=False)
class Explanation:
    """An estimate and what stands behind it; printing it gives a tree.

    `low`, `best` and `high` count people; None is unknown, and `grade` is None where nothing is
    recorded. `why` tells in a sentence each how low, best, high and grade came about. A row of
    `reports` is a report of people hurt in the strike, used or not (`is_used`, `use`, `why`);
    `statement_low`, `statement_figure` and `statement_high` are what its statement as a whole says
    of the group, and out of these the range is made. A row of `stances` is what a witness holds of
    a report that is not its own, which weighs in the grade.
    """

    event_id: str
    strike: str
    measure: str
    label: str
    low: int | None
    best: int | None
    high: int | None
    grade: str | None
    n_witnesses: int
    n_witnesses_for_best: int | None
    best_rule: str
    harm_recorded: str
    why: dict[str, str]
    reports: "pd.DataFrame"
    stances: "pd.DataFrame"

    def as_data(self) -> dict:
        """Give the same as plain data, for JSON; an unknown value is None."""
        frames = {"reports": self.reports, "stances": self.stances}
        data = {name: value for name, value in vars(self).items() if name not in frames}
        for name, frame in frames.items():
            data[name] = [
                {
                    key: _day(value) if isinstance(value, date) else value
                    for key, value in row.items()
                }
                for row in _rows(frame)
            ]
        return data

    def __rich__(self) -> "Tree":
        """Give the tree that rich prints."""
        return _tree(self)

    def __str__(self) -> str:
        """Give the tree as plain text, 80 columns wide."""
        from rich.console import Console

        text = io.StringIO()
        Console(file=text, width=_WIDTH, color_system=None).print(self)
        return "\n".join(line.rstrip() for line in text.getvalue().splitlines())

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(str(self))}</pre>"


def explain(
    strike: str, measure: str = "killed", database: Path | str | None = None
) -> Explanation:
    """Tell which reports stand behind an estimate, which were used, which not, and why.

    `strike` is an event_id of `civilian_harm_by_strike` or a part of a strike's name that no other
    has ("erbil"); `measure` is one of `measures()`. `database` is as for `connect`. Figures count
    people; an unknown one is None or NA, never zero. Raises ValueError for an unknown or ambiguous
    name, and FileNotFoundError where the database or what an explanation needs of it is not there.
    """
    if measure not in measures():
        raise ValueError(_unknown("measure", measure, measures(), " " + ", ".join(measures())))
    with connect(database) as connection:
        _demand_intermediate(connection)
        strikes = {
            event_id: values
            for event_id, *values in connection.execute(
                f"""
                select event_id, event, harm_recorded, {measure}_low, {measure}_best,
                    {measure}_high, {measure}_grade
                from {_HARM}
                order by event_id
                """  # noqa: S608 - measure is the stem of a declared column
            ).fetchall()
        }
        event_id = _event_id_of(strike, {key: event for key, (event, *_) in strikes.items()})
        event, harm_recorded, low, best, high, grade = strikes[event_id]
        (best_rule,) = connection.execute("select best_rule from about").fetchone()
        group, outcome = _group_and_outcome(measure)
        asked = {"event_id": event_id, "outcome": outcome, "victim_group": group}
        words = {
            (code_list, code): (label, definition)
            for code_list, code, label, definition in connection.execute(
                "select code_list, code, label, definition from record.codes"
            ).fetchall()
        }
        reports = _reports(connection, asked, words)
        stances = _typed(connection.execute(_STANCES, asked).df())
    used = _statements(reports[reports["is_used"]])
    of_whom = "people" if group == "everyone" else words["victim_groups", group][0].lower()
    return Explanation(
        event_id=event_id,
        strike=event,
        measure=measure,
        label=f"{of_whom} {words['outcomes', outcome][0].lower()}",
        low=low,
        best=best,
        high=high,
        grade=grade,
        n_witnesses=int(used["witness_id"].nunique()),
        n_witnesses_for_best=None if best is None else int(_n_witnesses_by_figure(used)[best]),
        best_rule=best_rule,
        harm_recorded=harm_recorded,
        why={
            "low": _why_low(low, best, used),
            "best": _why_best(best, used, best_rule),
            "high": _why_high(high, best, used),
            "grade": _with_rule(words["evidence_grades", grade][1], 19) if grade else "",
            "harm_recorded": words["harm_records", harm_recorded][1],
            "group": words["victim_groups", group][1],
        },
        reports=reports,
        stances=stances,
    )


# --- what is asked ---------------------------------------------------------------------------


def _unknown(what: str, value: str, known: Iterable[str], listed: str) -> str:
    from strike_ledger.checks import did_you_mean

    suggested = did_you_mean(value, known, "")
    return f"there is no {what} '{value}'. {suggested}".rstrip() + f"\nThere are:{listed}"


def _event_id_of(strike: str, names: dict[str, str]) -> str:
    """Find the one strike that is meant, or say which there are."""
    asked = strike.strip().casefold()
    meant = [key for key, name in names.items() if asked in (key.casefold(), name.casefold())]
    if asked and not meant:
        meant = [key for key, name in names.items() if asked in f"{key} {name}".casefold()]
    if len(meant) == 1:
        return meant[0]
    listed = "".join(f"\n  {key}  {names[key]}" for key in meant or names)
    if meant:
        raise ValueError(f"'{strike}' may be any of these; write more of its name:{listed}")
    words = {word for name in names.values() for word in name.split()}
    raise ValueError(_unknown("strike", strike, [*names, *names.values(), *words], listed))


def _group_and_outcome(measure: str) -> tuple[str, str]:
    group, _, outcome = measure.rpartition("_")
    return group or "everyone", outcome


def _demand_intermediate(connection: "duckdb.DuckDBPyConnection") -> None:
    there = {
        name
        for (name,) in connection.execute(
            "select table_name from information_schema.tables where table_schema = 'intermediate'"
        ).fetchall()
    }
    missing = [f"intermediate.{name}" for name in INTERMEDIATE if name not in there]
    if missing:
        raise FileNotFoundError(
            f"this database has no {' and no '.join(missing)}, which an explanation is made of: "
            "open the file that `make build` writes, or build it anew"
        )


# --- the reports -----------------------------------------------------------------------------


def _reports(
    connection: "duckdb.DuckDBPyConnection",
    asked: dict[str, str],
    words: dict[tuple[str, str], tuple[str, str]],
) -> "pd.DataFrame":
    """Give every report of the strike and the outcome, with its use for the measure and why."""
    notes = {
        "figure_of_some": _FIGURE_OF_SOME,
        "some_only": _OF_SOME,
        "only_a_least": _A_LEAST,
        "drawn_from_others": _DRAWN,
    }
    reports = _typed(connection.execute(_REPORTS, asked | notes).df())
    why = {use: _WHY.get(use) or words["report_uses", use][1] for use in _RULE}
    label = {use: _LABEL.get(use) or words["report_uses", use][0] for use in _RULE}
    urls = dict(connection.execute("select source_id, url from marts.dim_sources").fetchall())
    reports["use_label"] = reports["use"].map(label).astype("string")
    reports["why"] = (
        reports["use"].map(lambda use: _with_rule(why[use], _RULE[use])).astype("string")
    )
    reports["source_urls"] = (
        reports["passages"]
        .map(lambda text: "; ".join(urls[key] for key in re.findall(r"src_\w+", text)))
        .astype("string")
    )
    return reports


def _with_rule(sentence: str, number: int) -> str:
    return f"{sentence.removesuffix('.')} (RULES.md {number})."


def _typed(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Give the columns types that know an unknown value."""
    kinds = {"i": "Int64", "b": "boolean", "O": "string"}
    return frame.astype(
        {name: kinds[kind.kind] for name, kind in frame.dtypes.items() if kind.kind in kinds}
    )


def _rows(frame: "pd.DataFrame") -> list[dict]:
    """Give rows as plain values, None for what is unknown."""
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


def _statements(reports: "pd.DataFrame") -> "pd.DataFrame":
    """Give one row for each statement, since its reports count together."""
    return reports.drop_duplicates("statement_id")


def _n_witnesses_by_figure(used: "pd.DataFrame") -> "pd.Series":
    return used.groupby("statement_figure")["witness_id"].nunique()


# --- why the range is what it is -------------------------------------------------------------


def _counted(n: int, word: str, plural: str = "") -> str:
    return f"{n} {word if n == 1 else plural or word + 's'}"


def _why_best(best: int | None, used: "pd.DataFrame", rule: str) -> str:
    if used.empty:
        return ""
    if best is None:
        return "No report that counts gives a figure (RULES.md 17)."
    n_witnesses = _n_witnesses_by_figure(used)
    rivals = [str(figure) for figure, n in n_witnesses.items() if n == n_witnesses[best]]
    if len(n_witnesses) == 1:
        reason = f"The only figure; {_counted(n_witnesses[best], 'witness', 'witnesses')} for it"
    elif rule == "lowest":
        reason = "The lowest of the figures"
    elif rule == "latest_official":
        dated = used[used["is_official"] & used["statement_figure"].notna()]
        days = dated.groupby("statement_figure")["said_from_date"].max().dropna()
        if days.empty:
            reason = "The lowest of the figures, since no official side gives a dated one"
        else:
            reason = f"The figure that an official side, named, gave last, on {_day(days[best])}"
            if (days == days[best]).sum() > 1:
                reason += "; of those of that day the lowest"
    elif len(rivals) == 1:
        reason = f"{n_witnesses[best]} of {used['witness_id'].nunique()} witnesses give it, "
        reason += "more than any other figure"
    else:
        reason = f"As many witnesses ({n_witnesses[best]}) give {_listed(rivals)}: among equals "
        reason += "the lowest, because a figure is easier to inflate than to shrink"
    return f"{reason} (best_rule {rule}, RULES.md 15)."


def _why_low(low: int | None, best: int | None, used: "pd.DataFrame") -> str:
    if used.empty:
        return ""
    if best is None:
        if low is None:
            return "Nobody gives a least (RULES.md 17)."
        return "The least of the reports without a figure, since no report has one (RULES.md 17)."
    if low is None:
        return "No report with a figure gives a least (RULES.md 16)."
    least = used.loc[used["statement_figure"].notna(), "statement_low"].min()
    if least > best:
        return "best itself, since the least lower bound is above it (RULES.md 16)."
    return "The least lower bound of the reports with a figure (RULES.md 16)."


def _why_high(high: int | None, best: int | None, used: "pd.DataFrame") -> str:
    if used.empty:
        return ""
    if high is not None:
        return "The greatest upper bound of the reports that count (RULES.md 16)."
    greatest = used["statement_high"].max()
    if used["statement_high"].isna().all():
        return "Nobody bounds it from above (RULES.md 16)."
    above = used[used["statement_low"] > greatest]
    if above.empty:
        return f"best, {best}, is above the greatest upper bound, {greatest} (RULES.md 16)."
    who = _listed(sorted({f"{row.claimant} ({row.statement_low})" for row in above.itertuples()}))
    return f"The least told by {who} is above every upper bound, {greatest} (RULES.md 16)."


# --- the tree --------------------------------------------------------------------------------


def _tree(explanation: Explanation) -> "Tree":
    from rich.tree import Tree

    is_of_all = _group_and_outcome(explanation.measure)[0] == "everyone"
    reports = _rows(explanation.reports)
    by_use = {use: [row for row in reports if row["use"] == use] for use in _RULE}
    n_unused = sum(not row["is_used"] for row in reports)
    tree = Tree(_text(f"{explanation.strike}: {explanation.label}"))
    if not is_of_all:
        _add(tree, f"Who is meant: {explanation.why['group']}")
    if n_unused == len(reports):
        branch = _add(tree, f"Nothing recorded of {explanation.label}: unknown, not zero.")
        _add(branch, f"Of this strike altogether: {explanation.why['harm_recorded']}")
    else:
        _add_estimate(tree, explanation)
    if by_use["figure"]:
        branch = _add(tree, "Reports that count, by the figure they give")
        for figure, rows in grouped(by_use.pop("figure"), "statement_figure").items():
            n_witnesses = len({row["witness_id"] for row in rows} - {None})
            line = f"{figure}: {_counted(n_witnesses, 'witness', 'witnesses')}, "
            line += _counted(len(rows), "report") + _gives(rows, explanation)
            _add_statements(_add(branch, line), rows, str(figure))
    for use in ("some_only", "no_figure"):
        rows = by_use.pop(use)
        _add_reason(tree, rows, _gives(rows, explanation))
    if n_unused:
        among = "" if is_of_all else ", whatever group they tell of"
        branch = _add(tree, f"Left out: {_counted(n_unused, 'report')}{among}")
        for rows in by_use.values():
            _add_reason(branch, rows)
    if explanation.grade:
        _add_grade(tree, explanation, reports)
    return tree


def _text(words: str) -> "Text":
    """Give words as they are: brackets in them are no markup."""
    from rich.text import Text

    return Text(words)


def _add(tree: "Tree", *lines: str | None) -> "Tree":
    """Add a branch of these lines, those left out that say nothing."""
    return tree.add(_text("\n".join(filter(None, lines))))


def _add_estimate(tree: "Tree", explanation: Explanation) -> None:
    bounds = {name: getattr(explanation, name) for name in ("low", "best", "high")}
    told = {name: f"{name} {'unknown' if n is None else n}" for name, n in bounds.items()}
    branch = _add(tree, f"{', '.join(told.values())}; grade {explanation.grade}")
    reports = explanation.reports
    n_used, n_witnesses = reports["is_used"].sum(), explanation.n_witnesses
    counted = (
        f"{n_used} of {_counted(len(reports), 'report')} {'counts' if n_used == 1 else 'count'}"
    )
    _add(branch, f"{counted}: the word of {_counted(n_witnesses, 'witness', 'witnesses')}")
    for name, words in told.items():
        _add(branch, f"{words}: {explanation.why[name]}")
    _add(branch, f'The rules: RULES.md, "{_HEADING}"')


def _gives(rows: list[dict], explanation: Explanation) -> str:
    """Say which of low, best and high the reports give that count."""
    given = {"low": "statement_low", "best": "statement_figure", "high": "statement_high"}
    names = [
        name
        for name, column in given.items()
        for bound in [getattr(explanation, name)]
        if bound is not None
        and any(row[column] == bound for row in rows)
        # Where a report has a figure, the others do not make low.
        and (name != "low" or explanation.best is None or rows[0]["use"] == "figure")
    ]
    return f" <- {', '.join(names)}" if names else ""


def _add_reason(tree: "Tree", rows: list[dict], gives: str = "") -> None:
    if not rows:
        return
    heading = f"{rows[0]['use_label']}: {_counted(len(rows), 'report')}{gives}"
    branch = _add(tree, heading, rows[0]["why"])
    if rows[0]["use"] not in _ONLY_COUNTED:
        _add_statements(branch, rows)


def _add_statements(tree: "Tree", reports: list[dict], expected: str = "") -> None:
    """Add each statement, in one branch where it is one report, else with its reports below it.

    Bounds that are those `expected` are not told again.
    """
    for rows in grouped(reports, "statement_id").values():
        first = rows[0]
        counted = _bounds(first, "statement_")
        if len(rows) == 1:
            bounds = counted or _bounds(first)
            line = f"{_speaker(first)}: {_quoted(first)}{_after(': ', bounds, expected)}"
            _add(tree, line, first["note"], first["passages"])
            continue
        is_shared = len({(row["note"], row["passages"]) for row in rows}) == 1
        line = f"{_speaker(first)}: {len(rows)} reports{_after(', together ', counted, expected)}"
        branch = _add(tree, line, *([first["note"], first["passages"]] if is_shared else []))
        for row in rows:
            line = f"{_quoted(row)}{_after(': ', _bounds(row))}"
            _add(branch, line, *([] if is_shared else [row["note"], row["passages"]]))


def _add_grade(tree: "Tree", explanation: Explanation, reports: list[dict]) -> None:
    stances = _rows(explanation.stances)
    # What a statement says of the group, drawn from others or not, weighs in the grade.
    said = [
        rows[0]
        for use in ("figure", "some_only", "no_figure", "second_hand")
        for rows in grouped([r for r in reports if r["use"] == use], "statement_id").values()
    ]
    telling = [row for row in said if (row["statement_best"] or row["statement_low"] or 0) > 0]
    telling += [row for row in stances if row["tells_of_harm"]]
    witnesses = sorted({row["witness"] for row in telling} - {None})
    attackers = sorted({row["witness"] for row in telling if row["is_word_of_attacker"]})
    branch = _add(tree, f"Grade {explanation.grade}: {explanation.why['grade']}")
    if witnesses:
        n_witnesses = _counted(len(witnesses), "witness", "witnesses")
        _add(branch, f"Tell of it, {n_witnesses}: {'; '.join(witnesses)}")
    elif telling:
        _add(branch, f"Tell of it: {_counted(len(telling), 'text')} that draw on others")
    if attackers:
        _add(branch, f"Among them the attacker: {'; '.join(attackers)}")
    for row in said:
        if row["statement_high"] == 0 and row["witness"]:
            line = f"Says there were none: {_speaker(row)}: {_quoted(row)}"
            _add(branch, line, row["passages"])
    reported = {row["casualty_id"]: row for row in reports}
    for row in stances:
        if row["denies_harm"]:
            of = reported[row["casualty_id"]]
            line = f"{_speaker(row)}: {row['stance']} what {_speaker(of)} says: {_quoted(of)}"
            _add(branch, line, row["passages"])


def _speaker(row: dict) -> str:
    """Say whose word it is, who spoke it where that is another, and when."""
    witness, claimant = row["witness"], row["claimant"]
    who = claimant if witness in (None, claimant) else f"{witness} ({claimant})"
    first, last = row["said_from_date"], row["said_to_date"]
    if first is None:
        return f"{who}, day unknown"
    return f"{who}, {_day(first)}" + ("" if first == last else f" to {_day(last)}")


def _quoted(row: dict) -> str:
    """Give the words of a report, and of the larger figure that it is a part of."""
    whole = row["part_of_wording"]
    return f'"{row["wording"]}"' + (f' (part of "{whole}")' if whole else "")


def _after(lead: str, bounds: str, expected: str = "") -> str:
    return "" if bounds in ("", expected) else lead + bounds


def _bounds(row: dict, prefix: str = "") -> str:
    """Say in words how many a report or a statement tells of; nothing where it bounds nothing."""
    low, best, high = (row[f"{prefix}{name}"] for name in ("low", "best", "high"))
    if high is None:
        least = "" if low is None else f"at least {low}"
        return least if best in (None, low) else f"{least}, figure {best}".removeprefix(", ")
    if low is None:
        return f"up to {high}"
    return str(high) if low == high else f"{low} to {high}"


def _day(day: date) -> str:
    return day.strftime("%Y-%m-%d")


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
