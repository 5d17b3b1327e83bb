"""One strike at a time, in marimo and polars: choose it, and charts and answers follow."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="One strike at a time")

with app.setup:
    from datetime import timedelta

    import altair as alt
    import marimo as mo
    import polars as pl

    import strike_ledger


@app.cell(hide_code=True)
def _():
    mo.md("""
    # One strike at a time

    The views of Strike Ledger in polars and Altair: choose a strike, and three charts and three
    answers follow. `load` gives a view checked against its declaration; what the columns mean is in
    the codebook of the release. An unknown figure is `null` and stays so: nothing here fills it
    with a zero.
    """)


@app.cell
def _():
    harm = strike_ledger.load("civilian_harm_by_strike", frame="polars").sort("from_date", "event")
    toll = strike_ledger.load("toll_over_time", frame="polars")
    reports = strike_ledger.load("casualty_reports", frame="polars")
    targets = strike_ledger.load("targets_stated_and_reported", frame="polars")
    reactions = strike_ledger.load("reactions_by_country", frame="polars")
    matrix = strike_ledger.load("reaction_matrix", frame="polars")
    timeline = strike_ledger.load("timeline", frame="polars")
    return harm, matrix, reactions, reports, targets, timeline, toll


@app.cell
def _(harm):
    strikes = dict(harm.select("event", "event_id").iter_rows())
    strike = mo.ui.dropdown(strikes, value=harm["event"][0], label="Strike")
    strike
    return strike, strikes


@app.cell
def _(harm, reports, strike, toll):
    chosen = harm.filter(event_id=strike.value)
    killed = (
        toll.filter(event_id=strike.value, outcome="killed")
        .sort("report_number")
        .join(reports.select("casualty_id", "status"), on="casualty_id", maintain_order="left")
        .with_columns(is_of_forces=~pl.col("status").is_in(["civilian", "not_stated"]))
    )
    return chosen, killed


@app.cell(hide_code=True)
def _():
    mo.md("""
    ## The killed: every report beside the range

    The band reaches from the low to the high figure, a paler one has no upper bound, and the
    upright line is the best figure. Each line is a report, in the order in which they were said,
    from its own low to its own high; an arrow says that it has no upper bound, as in "at least
    four". A report without a figure has its words and no mark.
    """)


@app.cell
def _(chosen, killed):
    estimate = alt.Chart(chosen.select("killed_low", "killed_best", "killed_high"))
    band = estimate.transform_filter("isValid(datum.killed_low)").encode(
        x=alt.X("killed_low:Q", title="people killed").axis(tickMinStep=1, format="d")
    )
    bounded, unbounded = "isValid(datum.killed_high)", "!isValid(datum.killed_high)"
    best = estimate.transform_filter("isValid(datum.killed_best)").encode(x="killed_best:Q")

    told = killed.with_columns(
        report=pl.format("{}. {}: {}", "report_number", "claimant", "wording"),
        standing=pl.when(pl.col("report_use") != "total")
        .then(pl.lit("set aside"))
        .when("is_of_forces")
        .then(pl.lit("of armed forces or groups alone"))
        .otherwise(pl.lit("counted")),
    )
    report = alt.Chart(told).encode(
        y=alt.Y("report:N", sort=told["report"].to_list(), title=None).axis(labelLimit=420),
        color=alt.Color("standing:N", title="report")
        .legend(orient="bottom")
        .scale(
            domain=["counted", "set aside", "of armed forces or groups alone"],
            range=["#d55e00", "#8c8c8c", "#009e73"],
        ),
    )
    figure = report.transform_filter("isValid(datum.best)").encode(x="best:Q")
    bounds = figure.encode(x="low:Q", x2="high").transform_filter("isValid(datum.high)")
    no_bound = figure.transform_filter("!isValid(datum.high)")
    no_figure = report.transform_filter("!isValid(datum.best)").encode(x=alt.value(6))

    ranges = alt.layer(
        band.transform_filter(bounded).mark_rect(color="#cddae5").encode(x2="killed_high"),
        band.transform_filter(unbounded).mark_rect(color="#edf2f6").encode(x2=alt.value(360)),
        best.mark_rule(color="#1f3a56"),
        bounds.mark_rule(),
        figure.mark_point(filled=True, opacity=1),
        no_bound.mark_text(text="\N{RIGHTWARDS ARROW}", dx=10),
        no_figure.mark_text(text="no figure", fontStyle="italic", fontSize=9, align="left"),
    ).properties(width=360, height=alt.Step(16))
    ranges if len(killed) else mo.md("No report of the killed is recorded.")
    return (ranges,)


@app.cell(hide_code=True)
def _():
    mo.md("""
    ## Which figure has how many witnesses?

    A witness is whose word a report is: ten papers that print one agency are one. The best figure
    is the one with most witnesses, and among equals the lowest; RULES.md has the whole rule.
    """)


@app.cell
def _(chosen, killed):
    counted = killed.filter(report_use="total").drop_nulls("witness")
    witnesses = counted.group_by("best", "is_of_forces").agg(pl.col("witness").unique().sort())
    figures_told = [
        f"{'no figure' if best is None else best}"
        f"{' (of armed forces or groups alone)' if of_forces else ''}: "
        f"{len(who)} ({', '.join(who)})"
        for best, of_forces, who in witnesses.sort("is_of_forces", "best").rows()
    ]
    best_figure = chosen["killed_best"].item()
    best_told = "unknown" if best_figure is None else best_figure
    answer_figures = [*figures_told, f"The best figure of the killed is {best_told}."]
    mo.md("\n".join(f"- {line}" for line in answer_figures))
    return (answer_figures,)


@app.cell(hide_code=True)
def _():
    mo.md("""
    ## Who reacted within two days?

    A day without an hour is an interval, so a delay has a least and a greatest number of hours.
    Where two days lie between them nobody can tell, and where no act has a day it is unknown.
    """)


@app.cell
def _(reactions, strike):
    hours = 48
    speed = (
        pl.when(pl.col("latency_hours_low").is_null())
        .then(pl.lit("unknown"))
        .when(pl.col("latency_hours_high") <= hours)
        .then(pl.lit("yes"))
        .when(pl.col("latency_hours_low") > hours)
        .then(pl.lit("no"))
        .otherwise(pl.lit("cannot be told"))
    )
    speeds = reactions.filter(event_id=strike.value).group_by(within=speed)
    answer_speed = [
        f"{within}: {len(who)} ({', '.join(who)})"
        for within, who in speeds.agg(pl.col("responder").sort()).sort("within").rows()
    ]
    mo.md("\n".join(f"- {line}" for line in answer_speed))
    return (answer_speed,)


@app.cell(hide_code=True)
def _():
    mo.md("""
    ## What is said to have been the target, and who turns that down?

    Each line is a proposition in our words, with its claimant. What an attacker says that it aimed
    at is its claim, and no finding.
    """)


@app.cell
def _(strike, targets):
    asked = {
        "targets_stated_by_attacker": "The attacker says",
        "targets_stated_by_others": "Others say",
        "targets_turned_down": "Doubted, denied or rejected",
    }
    stated = targets.row(by_predicate=pl.col("event_id") == strike.value, named=True)
    answer_targets = {
        words: stated[column].split("; ") if stated[column] else ["nothing recorded"]
        for column, words in asked.items()
    }
    mo.md("\n".join(f"- {who}\n  - " + "\n  - ".join(a) for who, a in answer_targets.items()))
    return (answer_targets,)


@app.cell(hide_code=True)
def _():
    mo.md("""
    ## Who reacted how, over all events

    A square says how many acts of a kind are recorded, its colour the Goldstein value of the kind
    from conflict (orange) to cooperation (blue); grey kinds have none. An empty square is silence
    in the sources read, which is no proof that nothing was done.
    """)


@app.cell
def _(matrix):
    responder_kinds = matrix["responder_kind"].unique().sort().to_list()
    responder_kind = mo.ui.dropdown(responder_kinds, value="state", label="Responders")
    responder_kind
    return (responder_kind,)


@app.cell
def _(matrix, responder_kind):
    cells = matrix.filter(responder_kind=responder_kind.value)
    cells = cells.with_columns(pl.col("goldstein").cast(float))  # JSON has no decimals
    total = pl.col("n_acts").sum().over("responder")
    responders = cells.sort(total, "responder", descending=[True, False])["responder"]
    kinds = cells.sort("kind_order")["response_kind_label"]
    square = alt.Chart(cells).encode(
        x=alt.X("response_kind_label:N", sort=kinds.unique(maintain_order=True).to_list()).axis(
            labelAngle=-55, labelLimit=220, orient="top", title=None
        ),
        y=alt.Y("responder:N", sort=responders.unique(maintain_order=True).to_list(), title=None),
    )
    acts = square.transform_filter("datum.n_acts > 0")
    severity = (
        alt.Color("goldstein:Q", title="Goldstein value")
        .legend(orient="bottom")
        .scale(scheme="blueorange", domain=[-10, 10], reverse=True)
    )
    reaction_squares = alt.layer(
        square.mark_rect(fill=None, stroke="#e3e3e3"),
        acts.transform_filter("!isValid(datum.goldstein)").mark_rect(color="#bdbdbd"),
        acts.transform_filter("isValid(datum.goldstein)").mark_rect().encode(color=severity),
        acts.mark_text(fontSize=9).encode(text="n_acts:Q"),
    ).properties(width=alt.Step(17), height=alt.Step(15))
    reaction_squares
    return (reaction_squares,)


@app.cell(hide_code=True)
def _():
    mo.md("""
    ## What is told of which day

    Events and responses from a month before the first strike on. A mark is as long as the days on
    which the thing can have happened, and pale where that is more than one; it may go on beyond the
    right edge. The title counts what cannot be drawn.
    """)


@app.cell
def _(harm, timeline):
    first = harm["from_date"].min() - timedelta(days=31)
    things = timeline.filter(pl.col("item_kind") != "statement")
    drawn = things.filter(pl.col("from_date") >= first).with_columns(
        end=pl.col("to_date") + timedelta(days=1),
        kind=pl.col("kind").str.replace_all("_", " "),
        told=pl.when(date_precision="day").then(pl.lit("to the day")).otherwise(pl.lit("roughly")),
        stands=pl.when(status="happened")
        .then(pl.lit("event, happened"))
        .when(status="done")
        .then(pl.lit("response, done"))
        .otherwise(pl.lit("otherwise (alleged, ordered, agreed ...)")),
    )
    last = drawn["from_date"].max() + timedelta(days=7)
    when = (
        alt.Chart(drawn)
        .mark_bar(clip=True, height=8)
        .encode(
            x=alt.X("from_date:T", title="day").scale(domain=[first, last]),
            x2="end:T",
            y=alt.Y("kind:N", title=None, sort=alt.EncodingSortField("from_date", "min")),
            color=alt.Color("stands:N", title="told as")
            .legend(orient="bottom", labelLimit=300)
            .scale(
                domain=[
                    "event, happened",
                    "response, done",
                    "otherwise (alleged, ordered, agreed ...)",
                ],
                range=["#d55e00", "#0072b2", "#cc79a7"],
            ),
            opacity=alt.Opacity("told:N", title="day told")
            .legend(orient="bottom")
            .scale(domain=["to the day", "roughly"], range=[0.9, 0.25]),
            tooltip=["item", "actors", "from_date", "to_date", "status"],
        )
        .properties(
            title=f"{len(drawn)} drawn, {len(things) - len(drawn)} earlier or without a day",
            width=480,
            height=alt.Step(13),
        )
    )
    when
    return (when,)


if __name__ == "__main__":
    app.run()
