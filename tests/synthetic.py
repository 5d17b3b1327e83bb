"""A synthetic record of the record's own shape, as large as wanted, for the benchmark.

For n events it has n propositions of their day and n of their place, and some more; twice as many
statements and reports of people hurt, three times as many responses and claims, and six times as
many citations, since every statement, event and response rests on a passage. Actors, places and
documents grow with it, more slowly. Every choice is drawn from the number of the row and the seed,
so that the same seed gives the same rows. The tables are those of `strike-ledger import`: Parquet
in `<folder>/<table>/dataset=synthetic/`, in the columns of the record and three more; beside them
stands the vocabulary, for those who do not build with dbt.
"""

import re
from pathlib import Path

import duckdb

from strike_ledger.declarations import PROJECT, RECORD, VOCABULARY, tables

SEED = 20240116
DATASET = "synthetic"
ORIGIN = {"original_id": "null", "dataset_version": "'1'", "licence": "'CC0-1.0'"}
FIRST_DAY = "date '1990-01-01'"
N_DAYS = 12_500

# For each table how many rows it has, and what is in them; what is not named is NULL. i is the
# number of the row, from 0; drawn(i, k, m) a number from 0 to m - 1, another for each k; n the
# number of events.
_TABLES = {
    "episodes": (
        "1",
        """'epi_synthetic' as episode_id, 'Synthetic' as label, 'Rows drawn at random.' as summary,
        {first_day} as from_date, {first_day} + {n_days} + 60 as to_date""",
    ),
    "actors": (
        "n_states + n_others",
        """actor(i) as actor_id, 'Actor ' || i as name,
        case when i < n_states then 'state'
            else pick(i, ['armed_group', 'outlet', 'organisation', 'armed_force'], 1) end as kind,
        country(i % n_states) as country, 'Drawn at random.' as description,
        passage(i) as passage_id""",
    ),
    "actor_relations": (
        "n_others",
        """'rel_syn_' || i as relation_id, actor(n_states + i) as actor_id, 'part_of' as kind,
        actor(i % n_states) as other_actor_id, 'current' as standing, passage(i) as passage_id""",
    ),
    "locations": (
        "n_places",
        """place(i) as location_id, 'Place ' || i as name, pick(i, ['city', 'village', 'site'], 1)
            as kind,
        country(i % n_states) as country,
        case when i >= n_states then place(i % n_states) end as part_of_id,
        drawn(i, 2, 120) - 60 + drawn(i, 3, 1000) / 1000 as latitude,
        drawn(i, 4, 360) - 180 + drawn(i, 5, 1000) / 1000 as longitude,
        'locality' as coordinate_precision, passage(i) as coordinate_passage_id,
        passage(i) as passage_id""",
    ),
    "sources": (
        "n_sources",
        """'src_syn_' || i as source_id, 'Report ' || i as title,
        actor(n_states + drawn(i, 1, n_others)) as publisher_id, 'news_report' as kind,
        pick(i, ['wire', 'first_hand', 'relay', 'official_party', 'aggregator'], 2) as proximity,
        'en' as language_code""",
    ),
    "passages": (
        "n",
        """passage(i) as passage_id, 'src_syn_' || i % n_sources as source_id,
        'paragraph' as locator_kind, cast(1 + i // n_sources as varchar) as locator""",
    ),
    "events": (
        "n",
        """event(i) as event_id, 'epi_synthetic' as episode_id,
        case when i % 100 = 0 then 'series'
            else pick(i, ['strike', 'strike', 'strike', 'killing', 'explosion'], 1) end as kind,
        'happened' as status, 'Event ' || i as label, 'Drawn at random.' as summary,
        case when i % 100 between 1 and 5 then event(i - i % 100) end as part_of_id""",
    ),
    "event_actors": (
        "3 * n",
        """event(i % n) as event_id,
        case i // n when 0 then actor(drawn(i % n, 11, n_states + n_others))
            else actor(drawn(i % n, 12, n_states)) end as actor_id,
        ['attacker', 'struck', 'on_soil_of'][1 + i // n] as role""",
    ),
    "statements": (
        "2 * n",
        """statement(i) as statement_id, 'epi_synthetic' as episode_id,
        actor(drawn(i % n, 21, n_states + n_others)) as claimant_id,
        pick(i, ['named', 'named', 'collective', 'impersonal'], 1) as attribution,
        pick(i, ['news_report', 'official_statement', 'social_media_post'], 2) as form,
        day(i % n) + drawn(i, 3, 6) as said_from_date, day(i % n) + drawn(i, 3, 6) as said_to_date,
        'day' as said_date_precision, 'printed' as said_date_basis, 'Says so.' as summary,
        case when drawn(i, 4, 100) = 0 then day(i % n) + 30 end as withdrawn_date,
        case when i >= n and drawn(i, 5, 30) = 0 then statement(i - n) end as supersedes_id""",
    ),
    "propositions": (
        "cast(5 * n / 2 as bigint)",
        """'prp_syn_' || i as proposition_id, 'epi_synthetic' as episode_id,
        event(i % n) as event_id,
        case when i < n then 'date' when i < 2 * n then 'place' when i % 2 = 0 then 'date'
            else 'motive' end as topic,
        case when i >= 2 * n and i % 2 = 1 then 'motive' else 'fact' end as kind,
        'Proposition ' || i as text,
        case when topic = 'date'
            then day(i % n) - case when i < n then 0 else drawn(i, 1, 3) end end as value_from_date,
        value_from_date as value_to_date,
        case when topic = 'date' then 'day' end as value_date_precision,
        case when topic = 'date' then 'printed' end as value_date_basis,
        case when topic = 'place' then place(drawn(i, 2, n_places)) end as value_location_id""",
    ),
    "claims": (
        "3 * n",
        """statement(case when i < 5 * n / 2 then i % (2 * n) else n + i % (n // 2) end)
            as statement_id,
        'propositions' as target_table,
        'prp_syn_' || case when i < 5 * n / 2 then i else 2 * n + i % (n // 2) end as target_id,
        case when i < 5 * n / 2 then 'asserts' else pick(i, ['denies', 'doubts', 'endorses'], 1) end
            as stance,
        'unhedged' as certainty, 'none' as relay_distance""",
    ),
    "casualties": (
        "2 * n",
        """'cas_syn_' || i as casualty_id, statement(whole) as statement_id,
        event(whole % n) as event_id,
        case when drawn(whole, 1, 4) = 0 then 'injured' else 'killed' end as outcome,
        case when drawn(whole, 2, 20) = 0 then null
            when is_part then drawn(whole, 3, 12) else drawn(whole, 3, 12) + drawn(i, 4, 9) end
            as figure_low,
        figure_low as figure_high,
        case when figure_low is null then 'several'
            when is_part then 'exactly'
            else pick(i, ['exactly', 'exactly', 'exactly', 'about', 'at_least', 'up_to'], 5) end
            as qualifier,
        'in words' as wording,
        case when is_part then 'child' else 'not_stated' end as age_group, 'not_stated' as sex,
        'not_stated' as relation, false as is_nationality_negated,
        case when drawn(i, 6, 3) = 0 then 'civilian' else 'not_stated' end as status,
        case when status = 'civilian' then 'stated' else 'not_stated' end as status_basis,
        case when is_part then 'cas_syn_' || whole end as part_of_id,
        case when is_part then 'age_and_sex' end as divided_by""",
    ),
    "munitions": (
        "n",
        """'mun_syn_' || i as munition_id, statement(i) as statement_id, event(i) as event_id,
        pick(i, ['missile', 'drone', 'rocket'], 1) as kind, 1 + drawn(i, 2, 20) as figure_low,
        figure_low as figure_high, 'exactly' as qualifier, 'in words' as wording""",
    ),
    "damage": (
        "n // 2",
        """'dmg_syn_' || i as damage_id, statement(i) as statement_id, event(i) as event_id,
        pick(i, ['home', 'vehicle', 'military_base'], 1) as object_kind, 'not_stated' as use_state,
        pick(i, ['hit', 'destroyed', 'damaged'], 2) as extent, 'some' as qualifier,
        'in words' as wording""",
    ),
    "event_links": (
        "n // 5",
        """event(i + 1) as event_id, 'in_answer_to' as link, event(i) as linked_event_id,
        statement(i + 1) as statement_id, 'unhedged' as certainty""",
    ),
    "responses": (
        "3 * n",
        """response(i) as response_id, 'epi_synthetic' as episode_id,
        kind_of_act(drawn(i, 1, n_kinds)) as kind, 'Act ' || i as label,
        'Drawn at random.' as summary, statement(i % (2 * n)) as statement_id,
        case when i >= n and drawn(i, 2, 100) = 0 then response(i - n) end as reverses_id""",
    ),
    "response_events": ("3 * n", "response(i) as response_id, event(i % n) as event_id"),
    "response_actors": (
        "6 * n",
        """response(i // 2) as response_id,
        actor(drawn(i // 2, 31 + i % 2, n_states)) as actor_id,
        case when i % 2 = 0 then 'actor' else 'addressee' end as role,
        actor_id as on_behalf_of_id,
        pick(i, ['minister', 'government', 'head_of_state', 'not_stated'], 3) as level""",
    ),
    "response_states": (
        "3 * n",
        """response(i) as response_id,
        pick(i, ['done', 'done', 'done', 'threatened', 'ordered'], 1) as state,
        statement(i % (2 * n)) as statement_id,
        day(i % n) + cast(i // n * 10 as integer) + drawn(i, 2, 10) as from_date,
        from_date as to_date,
        'day' as date_precision, 'printed' as date_basis""",
    ),
    "citations": (
        "6 * n",
        """passage(drawn(i, 41, n)) as passage_id,
        case when i < n then 'events' when i < 3 * n then 'statements' else 'responses' end
            as cited_table,
        case when i < n then event(i) when i < 3 * n then statement(i - n)
            else response(i - 3 * n) end as cited_id,
        pick(i, ['originates', 'relays'], 1) as role, 'faithful' as fidelity""",
    ),
}


def generate(n_events: int, folder: Path) -> dict[str, int]:
    """Write a synthetic record of `n_events` events (at least 100) and give the rows of each table.

    Tables of the record that it has no rows for are written too, without rows.
    """
    written = {}
    with duckdb.connect(config={"threads": 2, "preserve_insertion_order": False}) as connection:
        _prepare(connection, n_events)
        for table in tables(RECORD).values():
            n_rows, columns = _TABLES.get(table.name, ("0", ""))
            place = folder / table.name / f"dataset={DATASET}"
            place.mkdir(parents=True)
            types = {column.name: column.data_type for column in table.columns}
            told = set(re.findall(r"\bas (\w+)", columns))
            cells = [
                f"cast({name if name in told else 'null'} as {type_}) as {name}"
                for name, type_ in types.items()
            ]
            origin = [f"cast({value} as varchar) as {name}" for name, value in ORIGIN.items()]
            drawn_columns = columns.format(first_day=FIRST_DAY, n_days=N_DAYS)
            drawn = f"""
                select {drawn_columns or "null as nothing"}
                from (
                    select i, i >= cast(8 * n / 5 as bigint) as is_part,
                        case when is_part then i - cast(8 * n / 5 as bigint) else i end as whole
                    from range({n_rows}) as numbers (i)
                ) as numbered
            """
            for name in ("n_states", "n_others", "n_places", "n_sources", "n_kinds", "n"):
                drawn = re.sub(rf"\b{name}\b(?!\()", str(_SIZES[name](n_events)), drawn)
            connection.execute(
                f"copy (select {', '.join([*cells, *origin])} from ({drawn}) as rows_drawn) "
                f"to '{place / 'part_0.parquet'}' (format parquet, compression zstd)"
            )
            (counted,) = connection.execute(
                f"select count(*) from '{place / 'part_0.parquet'}'"
            ).fetchone()
            written[table.name] = counted
        for table in tables(VOCABULARY).values():
            place = folder / table.name
            place.mkdir()
            connection.execute(
                f"copy (select * from read_csv('{PROJECT / table.file}', columns = "
                f"{ {column.name: column.data_type for column in table.columns} })) "
                f"to '{place / 'part_0.parquet'}' (format parquet)"
            )
    return written


_N_COUNTRIES = 110
_SIZES = {
    "n_states": lambda n: _N_COUNTRIES,
    "n_others": lambda n: 100 + n // 500,
    "n_places": lambda n: _N_COUNTRIES + n // 50,
    "n_sources": lambda n: n // 5,
    "n_kinds": lambda n: 40,
    "n": lambda n: n,
}


def _prepare(connection: duckdb.DuckDBPyConnection, n_events: int) -> None:
    """Give the connection the functions that the queries above speak of."""
    for name, column, table in (
        ("country", "iso3", "countries"),
        ("kind_of_act", "response_kind", "action_crosswalk"),
    ):
        path = PROJECT / VOCABULARY / f"{table}.csv"
        listed = connection.execute(
            f"select list({column} order by {column}) from read_csv('{path}', all_varchar = true)"
            + (" where response_kind <> 'military_strike'" if name == "kind_of_act" else "")
        ).fetchone()[0]
        quoted = ", ".join(f"'{value}'" for value in listed)
        connection.execute(f"create macro {name}(k) as ([{quoted}])[1 + k]")
    connection.execute(f"""
        create macro drawn(number, k, m) as
            cast(hash(cast(number as bigint), k, {SEED}) % cast(m as ubigint) as integer);
        create macro pick(number, choices, k) as
            choices[1 + drawn(number, 100 + k, len(choices))];
        create macro day(e) as {FIRST_DAY} + drawn(e, 7, {N_DAYS});
        create macro actor(k) as 'act_syn_' || k;
        create macro place(k) as 'loc_syn_' || k;
        create macro passage(k) as 'psg_syn_' || k % {n_events};
        create macro event(k) as 'evt_syn_' || k;
        create macro statement(k) as 'stm_syn_' || k;
        create macro response(k) as 'rsp_syn_' || k;
    """)
