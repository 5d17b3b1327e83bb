{# Who reacted to which event by which act: a joint act has a row for each responder, an act upon two events one for each. #}
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

final as (
    select
        responses.response_id,
        response_events.event_id,
        responders.responder_id,
        responders.level_order,
        responses.response_kind,
        responses.response_state,
        responses.is_reversed,
        responses.from_date,
        responses.to_date,
        responses.cameo_code,
        responses.goldstein,
        responses.plover_event
    from responses
    inner join response_events on responses.response_id = response_events.response_id
    inner join responders on responses.response_id = responders.response_id
)

select * from final
