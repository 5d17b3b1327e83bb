{# Who reacted to which event, and how strongly. Whoever attacked or was struck is listed even without a recorded act: silence is a finding. #}
with

acts as (
    select * from {{ ref('fct_acts') }}
),

event_roles as (
    select * from {{ ref('int_event_roles') }}
),

events as (
    select * from {{ ref('fct_events') }}
),

actors as (
    select * from {{ ref('dim_actors') }}
),

levels as (
    select
        code,
        sort_order
    from {{ ref('codes') }}
    where code_list = 'levels'
),

claims as (
    select * from {{ ref('fct_claims') }}
    where stance = 'no_position' and withdrawn_date is null
),

statements as (
    select * from {{ ref('fct_statements') }}
),

{# Who says that it has no position yet has said something, though it has done nothing. #}
without_position as (
    select distinct
        coalesce(statements.on_behalf_of_id, statements.claimant_id) as responder_id,
        claims.event_id
    from claims
    inner join statements on claims.statement_id = statements.statement_id
),

acts_dated as (
    select
        acts.*,
        {{ days_between('events.to_date', 'acts.from_date') }} as days_after_low,
        {{ days_between('events.from_date', 'acts.to_date') }} as days_after_high,
        {{ minutes_between('events.until_utc', 'acts.from_utc') }} as minutes_after_low,
        {{ minutes_between('events.from_utc', 'acts.until_utc') }} as minutes_after_high,
        acts.has_hour
        and events.local_from_time is not null
        and events.utc_offset_minutes is not null as is_timed_to_the_hour
    from acts
    inner join events on acts.event_id = events.event_id
),

{# A response does not come before its event. #}
acts_after as (
    select
        *,
        case when days_after_low < 0 then 0 else days_after_low end as days_low,
        case when days_after_high < 0 then 0 else days_after_high end as days_high,
        case when minutes_after_low < 0 then 0 else minutes_after_low end as minutes_low,
        case when minutes_after_high < 0 then 0 else minutes_after_high end as minutes_high
    from acts_dated
),

acts_counted as (
    select
        responder_id,
        event_id,
        count(*) as n_acts,
        count(case when is_military then 1 end) as n_military_answers,
        count(case when is_reversed then 1 end) as n_acts_reversed,
        count(case when response_state in ('done', 'ordered', 'agreed') then 1 end) as n_acts_done,
        count(
            case
                when response_state in ('considered', 'threatened', 'pledged', 'scheduled') then 1
            end
        ) as n_acts_announced,
        count(case when response_state = 'disputed' then 1 end) as n_acts_disputed,
        count(case when response_state in ('refused', 'not_done') then 1 end) as n_acts_not_done,
        min(reversed_from_date) as first_reversal_date,
        count(case when cameo_code is null then 1 end) as n_acts_without_cameo_code,
        {{ list_of('response_kind') }} as kinds,
        {{ list_of('response_state') }} as states,
        {{ list_of('addressees') }} as addressees,
        {{ list_of('plover_event') }} as plover_events,
        min(goldstein) as lowest_goldstein,
        max(goldstein) as highest_goldstein,
        min(level_order) as level_order,
        min(from_date) as first_act_date,
        max(to_date) as last_act_date,
        cast(min(days_low) as integer) as latency_days_low,
        cast(min(days_high) as integer) as latency_days_high,
        cast(floor(min(minutes_low) / 60.0) as integer) as latency_hours_low,
        cast(ceil(min(minutes_high) / 60.0) as integer) as latency_hours_high,
        case
            when
                min(minutes_low) = min(case when is_timed_to_the_hour then minutes_low end)
                and min(minutes_high) = min(case when is_timed_to_the_hour then minutes_high end)
                then 'hour'
            when count(from_date) > 0 then 'day'
        end as latency_precision
    from acts_after
    group by responder_id, event_id
),

{# The parties to each strike, whether they reacted or not, and everybody else who did. #}
responders as (
    select
        event_roles.actor_id as responder_id,
        event_roles.event_id
    from event_roles
    inner join events on event_roles.event_id = events.event_id
    inner join actors on event_roles.actor_id = actors.actor_id
    where
        {{ is_strike('events.event_kind') }}
        and events.passages is not null
        and actors.actor_kind in ('state', 'autonomous_region')

    union distinct

    select
        responder_id,
        event_id
    from acts_counted
),

final as (
    select
        responders.responder_id,
        actors.actor as responder,
        actors.actor_kind as responder_kind,
        responders.event_id,
        events.event,
        coalesce(event_roles.reaction_role, 'third_party') as reaction_role,
        case
            when acts_counted.n_acts is not null then 'recorded'
            when without_position.responder_id is not null then 'said_no_position'
            else 'none_recorded'
        end as reaction,
        coalesce(acts_counted.n_acts, 0) as n_acts,
        coalesce(acts_counted.n_acts_done, 0) as n_acts_done,
        coalesce(acts_counted.n_military_answers, 0) as n_military_answers,
        coalesce(acts_counted.n_acts_announced, 0) as n_acts_announced,
        coalesce(acts_counted.n_acts_disputed, 0) as n_acts_disputed,
        coalesce(acts_counted.n_acts_not_done, 0) as n_acts_not_done,
        coalesce(acts_counted.n_acts_reversed, 0) as n_acts_reversed,
        acts_counted.first_reversal_date,
        acts_counted.kinds,
        acts_counted.states,
        acts_counted.addressees,
        levels.code as highest_level,
        acts_counted.lowest_goldstein,
        acts_counted.highest_goldstein,
        acts_counted.plover_events,
        coalesce(acts_counted.n_acts_without_cameo_code, 0) as n_acts_without_cameo_code,
        acts_counted.first_act_date,
        acts_counted.last_act_date,
        acts_counted.latency_days_low,
        acts_counted.latency_days_high,
        acts_counted.latency_hours_low,
        acts_counted.latency_hours_high,
        acts_counted.latency_precision
    from responders
    inner join actors on responders.responder_id = actors.actor_id
    inner join events on responders.event_id = events.event_id
    left join event_roles
        on
            responders.responder_id = event_roles.actor_id
            and responders.event_id = event_roles.event_id
    left join without_position
        on
            responders.responder_id = without_position.responder_id
            and responders.event_id = without_position.event_id
    left join acts_counted
        on
            responders.responder_id = acts_counted.responder_id
            and responders.event_id = acts_counted.event_id
    left join levels on acts_counted.level_order = levels.sort_order
)

select * from final
