{# Every act upon an event: the diplomatic and political ones, and the strikes made in answer. An act is counted once for each responder and event. #}
with

reactions as (
    select * from {{ ref('fct_reactions') }}
),

event_links as (
    select * from {{ ref('fct_event_links') }}
),

events as (
    select * from {{ ref('fct_events') }}
),

event_actors as (
    select * from {{ ref('fct_event_actors') }}
),

actors as (
    select * from {{ ref('dim_actors') }}
),

crosswalk as (
    select * from {{ ref('action_crosswalk') }}
),

answering_strikes as (
    select distinct
        events.event_id as act_id,
        event_links.linked_event_id as event_id,
        event_actors.actor_id as responder_id,
        events.from_date,
        events.to_date
    from event_links
    inner join events on event_links.event_id = events.event_id
    inner join event_actors
        on events.event_id = event_actors.event_id and event_actors.event_role = 'attacker'
    inner join actors on event_actors.actor_id = actors.actor_id
    where
        event_links.link = 'in_answer_to'
        and events.event_kind = 'strike'
        and actors.actor_kind = 'state'
),

acts as (
    select
        response_id as act_id,
        event_id,
        responder_id,
        response_kind,
        false as is_military,
        response_state,
        is_reversed,
        level_order,
        from_date,
        to_date,
        cameo_code,
        goldstein,
        plover_event
    from reactions

    union all

    select
        answering_strikes.act_id,
        answering_strikes.event_id,
        answering_strikes.responder_id,
        crosswalk.response_kind,
        true as is_military,
        'done' as response_state,
        false as is_reversed,
        cast(null as integer) as level_order,
        answering_strikes.from_date,
        answering_strikes.to_date,
        crosswalk.cameo_code,
        crosswalk.goldstein,
        crosswalk.plover_event
    from answering_strikes
    inner join crosswalk on crosswalk.response_kind = 'military_strike'
)

select * from acts
