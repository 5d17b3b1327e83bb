{# Every act upon an event: the diplomatic and political ones, and the strikes made in answer. A joint act has a row for each responder, an act upon two events one for each. #}
with

responses as (
    select * from {{ ref('fct_responses') }}
),

response_events as (
    select * from {{ ref('stg_response_events') }}
),

response_actors as (
    select * from {{ ref('stg_response_actors') }}
),

actors as (
    select * from {{ ref('dim_actors') }}
),

events as (
    select * from {{ ref('fct_events') }}
),

event_links as (
    select * from {{ ref('fct_event_links') }}
),

event_actors as (
    select * from {{ ref('fct_event_actors') }}
),

crosswalk as (
    select * from {{ ref('action_crosswalk') }}
),

level_order as (
    select
        code,
        sort_order
    from {{ ref('codes') }}
    where code_list = 'levels'
),

responders as (
    select
        response_actors.response_id,
        response_actors.on_behalf_of_id as responder_id,
        min(level_order.sort_order) as level_order
    from response_actors
    inner join level_order on response_actors.level = level_order.code
    where response_actors.role = 'actor'
    group by response_actors.response_id, response_actors.on_behalf_of_id
),

addressees as (
    select
        response_actors.response_id,
        {{ list_of('actors.actor') }} as addressees
    from response_actors
    inner join actors
        on coalesce(response_actors.on_behalf_of_id, response_actors.actor_id) = actors.actor_id
    where response_actors.role in ('addressee', 'counterpart')
    group by response_actors.response_id
),

answering_strikes as (
    select distinct
        events.event_id as act_id,
        event_links.linked_event_id as event_id,
        event_actors.actor_id as responder_id
    from event_links
    inner join events on event_links.event_id = events.event_id
    inner join event_actors
        on events.event_id = event_actors.event_id and event_actors.event_role = 'attacker'
    inner join actors on event_actors.actor_id = actors.actor_id
    where
        event_links.link = 'in_answer_to'
        and {{ is_strike('events.event_kind') }}
        and actors.actor_kind = 'state'
),

final as (
    select
        responses.response_id as act_id,
        response_events.event_id,
        responders.responder_id,
        responses.response as act,
        responses.response_kind,
        false as is_military,
        responses.response_state,
        responses.is_reversed,
        responses.reversed_from_date,
        responses.reverses_id,
        responders.level_order,
        addressees.addressees,
        responses.from_date,
        responses.to_date,
        responses.local_time is not null
        and responses.utc_offset_minutes is not null as has_hour,
        responses.from_utc,
        responses.until_utc,
        responses.cameo_code,
        responses.goldstein,
        responses.plover_event,
        responses.rung,
        responses.passages
    from responses
    inner join response_events on responses.response_id = response_events.response_id
    inner join responders on responses.response_id = responders.response_id
    left join addressees on responses.response_id = addressees.response_id

    union all

    select
        answering_strikes.act_id,
        answering_strikes.event_id,
        answering_strikes.responder_id,
        events.event as act,
        crosswalk.response_kind,
        true as is_military,
        'done' as response_state,
        false as is_reversed,
        cast(null as date) as reversed_from_date,
        cast(null as {{ dbt.type_string() | lower }}) as reverses_id,
        cast(null as integer) as level_order,
        events.struck as addressees,
        events.from_date,
        events.to_date,
        events.local_from_time is not null
        and events.utc_offset_minutes is not null as has_hour,
        events.from_utc,
        events.until_utc,
        crosswalk.cameo_code,
        crosswalk.goldstein,
        crosswalk.plover_event,
        crosswalk.rung,
        events.passages
    from answering_strikes
    inner join events on answering_strikes.act_id = events.event_id
    inner join crosswalk on crosswalk.response_kind = 'military_strike'
)

select * from final
