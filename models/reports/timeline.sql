{# The story in order: events, what was said of them at a known time, and acts. An utterance that is itself an act stands once, as the act; analysis, and what is said of no event, is about the story and not part of it. #}
with

events as (
    select * from {{ ref('fct_events') }}
    where from_date is not null
),

responses as (
    select * from {{ ref('fct_responses') }}
    where from_date is not null
),

statements_on_events as (
    select statement_id
    from {{ ref('fct_claims') }}
    where event_id is not null

    union distinct

    select statement_id
    from {{ ref('fct_casualties') }}

    union distinct

    select statement_id
    from {{ ref('fct_munitions') }}

    union distinct

    select statement_id
    from {{ ref('fct_damage') }}
),

statements as (
    select statements.*
    from {{ ref('fct_statements') }} as statements
    inner join statements_on_events
        on statements.statement_id = statements_on_events.statement_id
    left join responses on statements.statement_id = responses.statement_id
    where
        statements.said_from_date is not null
        and statements.form <> 'analysis'
        and responses.response_id is null
),

acts as (
    select * from {{ ref('fct_acts') }}
),

actors as (
    select * from {{ ref('dim_actors') }}
),

responders as (
    select
        acts.act_id,
        {{ list_of('actors.actor', ', ') }} as responders
    from acts
    inner join actors on acts.responder_id = actors.actor_id
    group by acts.act_id
),

final as (
    select
        event_id as item_id,
        'event' as item_kind,
        from_date,
        to_date,
        date_precision,
        local_from_time as local_time,
        utc_offset_minutes,
        attackers as actors,
        event as item,
        event_kind as kind,
        event_status as status,
        passages
    from events

    union all

    select
        statement_id as item_id,
        'statement' as item_kind,
        said_from_date as from_date,
        said_to_date as to_date,
        said_date_precision as date_precision,
        said_time as local_time,
        said_utc_offset_minutes as utc_offset_minutes,
        claimant as actors,
        summary as item,
        form as kind,
        case when withdrawn_date is null then 'stands' else 'withdrawn' end as status,
        passages
    from statements

    union all

    select
        responses.response_id as item_id,
        'response' as item_kind,
        responses.from_date,
        responses.to_date,
        responses.date_precision,
        responses.local_time,
        responses.utc_offset_minutes,
        responders.responders as actors,
        responses.response as item,
        responses.response_kind as kind,
        responses.response_state as status,
        responses.passages
    from responses
    left join responders on responses.response_id = responders.act_id
)

select * from final
