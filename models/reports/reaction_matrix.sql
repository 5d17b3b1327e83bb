{# Every responder against every kind of act that occurs, so that silence has a cell too. #}
with

acts as (
    select * from {{ ref('fct_acts') }}
),

actors as (
    select * from {{ ref('dim_actors') }}
),

events as (
    select * from {{ ref('fct_events') }}
),

kinds as (
    select
        codes.code as response_kind,
        codes.label as response_kind_label,
        codes.sort_order as kind_order,
        crosswalk.goldstein,
        crosswalk.rung
    from {{ ref('codes') }} as codes
    inner join {{ ref('action_crosswalk') }} as crosswalk on codes.code = crosswalk.response_kind
    where codes.code_list = 'response_kinds'
),

kinds_used as (
    select distinct response_kind from acts
),

responders as (
    select distinct responder_id from acts
),

cells as (
    select
        acts.responder_id,
        acts.response_kind,
        count(distinct acts.act_id) as n_acts,
        count(
            distinct
            case
                when acts.response_state in ('done', 'ordered', 'agreed') then acts.act_id
            end
        ) as n_acts_done,
        count(distinct case when acts.is_reversed then acts.act_id end) as n_acts_reversed,
        min(acts.from_date) as first_act_date,
        {{ list_of('events.event') }} as events
    from acts
    inner join events on acts.event_id = events.event_id
    group by acts.responder_id, acts.response_kind
),

final as (
    select
        responders.responder_id,
        actors.actor as responder,
        actors.actor_kind as responder_kind,
        kinds.response_kind,
        kinds.response_kind_label,
        kinds.kind_order,
        kinds.goldstein,
        kinds.rung,
        coalesce(cells.n_acts, 0) as n_acts,
        coalesce(cells.n_acts_done, 0) as n_acts_done,
        coalesce(cells.n_acts_reversed, 0) as n_acts_reversed,
        cells.first_act_date,
        cells.events
    from responders
    inner join actors on responders.responder_id = actors.actor_id
    cross join kinds
    inner join kinds_used on kinds.response_kind = kinds_used.response_kind
    left join cells
        on
            responders.responder_id = cells.responder_id
            and kinds.response_kind = cells.response_kind
)

select * from final
