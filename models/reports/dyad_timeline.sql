{# What one party did to another, month by month: attacks on it, fights in which nobody says who attacked, the people killed in them, and acts towards it. #}
with

event_actors as (
    select * from {{ ref('fct_event_actors') }}
),

events as (
    select * from {{ ref('fct_events') }}
    where {{ is_use_of_arms('event_kind') }} and from_date is not null
),

responses as (
    select * from {{ ref('fct_responses') }}
    where from_date is not null
),

response_actors as (
    select * from {{ ref('fct_response_actors') }}
),

estimates as (
    select * from {{ ref('int_harm_estimates') }}
    where outcome = 'killed' and victim_group = 'everyone'
),

actors as (
    select * from {{ ref('dim_actors') }}
),

uses_of_arms as (
    select
        doers.event_id,
        doers.actor_id,
        targets.actor_id as other_actor_id,
        doers.event_role = 'attacker' as is_attack
    from event_actors as doers
    inner join event_actors as targets
        on
            doers.event_id = targets.event_id
            and doers.actor_id <> targets.actor_id
            and (
                (doers.event_role = 'attacker' and targets.event_role = 'struck')
                or (doers.event_role = 'participant' and targets.event_role = 'participant')
            )
),

acts as (
    select distinct
        doers.response_id,
        doers.on_behalf_of_id as actor_id,
        coalesce(addressees.on_behalf_of_id, addressees.actor_id) as other_actor_id
    from response_actors as doers
    inner join response_actors as addressees on doers.response_id = addressees.response_id
    where
        doers.response_role = 'actor'
        and addressees.response_role in ('addressee', 'counterpart')
        and doers.on_behalf_of_id <> coalesce(addressees.on_behalf_of_id, addressees.actor_id)
),

dated as (
    select
        uses_of_arms.actor_id,
        uses_of_arms.other_actor_id,
        cast({{ dbt.date_trunc('month', 'events.from_date') }} as date) as month_date,
        true as is_use_of_arms,
        uses_of_arms.is_attack,
        estimates.low,
        estimates.best,
        estimates.high,
        cast(null as {{ dbt.type_string() | lower }}) as rung,
        cast(null as numeric(4, 1)) as goldstein,
        false as is_done,
        events.from_date
    from uses_of_arms
    inner join events on uses_of_arms.event_id = events.event_id
    left join estimates on uses_of_arms.event_id = estimates.event_id

    union all

    select
        acts.actor_id,
        acts.other_actor_id,
        cast({{ dbt.date_trunc('month', 'responses.from_date') }} as date) as month_date,
        false as is_use_of_arms,
        false as is_attack,
        cast(null as integer) as low,
        cast(null as integer) as best,
        cast(null as integer) as high,
        responses.rung,
        responses.goldstein,
        responses.response_state in ('done', 'ordered', 'agreed') as is_done,
        responses.from_date
    from acts
    inner join responses on acts.response_id = responses.response_id
),

counted as (
    select
        actor_id,
        other_actor_id,
        month_date,
        count(case when is_attack then 1 end) as n_attacks,
        count(case when is_use_of_arms and not is_attack then 1 end) as n_fights,
        cast(sum(low) as bigint) as killed_low,
        cast(sum(best) as bigint) as killed_best,
        case
            when count(high) = count(case when is_use_of_arms then 1 end)
                then cast(sum(high) as bigint)
        end as killed_high,
        count(case when is_use_of_arms and best is null then 1 end) as n_without_figure,
        count(case when not is_use_of_arms then 1 end) as n_acts,
        count(case when is_done then 1 end) as n_acts_done,
        count(case when rung = 'words' then 1 end) as n_words,
        count(case when rung = 'objection' then 1 end) as n_objections,
        count(case when rung = 'coercion' then 1 end) as n_coercions,
        count(case when rung = 'cooperation' then 1 end) as n_cooperations,
        min(goldstein) as lowest_goldstein,
        max(goldstein) as highest_goldstein,
        min(from_date) as first_date,
        max(from_date) as last_date
    from dated
    group by actor_id, other_actor_id, month_date
),

final as (
    select
        counted.actor_id,
        actors.actor,
        counted.other_actor_id,
        other_actors.actor as other_actor,
        counted.month_date,
        counted.n_attacks,
        counted.n_fights,
        counted.killed_low,
        counted.killed_best,
        counted.killed_high,
        counted.n_without_figure,
        counted.n_acts,
        counted.n_acts_done,
        counted.n_words,
        counted.n_objections,
        counted.n_coercions,
        counted.n_cooperations,
        counted.lowest_goldstein,
        counted.highest_goldstein,
        counted.first_date,
        counted.last_date
    from counted
    inner join actors on counted.actor_id = actors.actor_id
    inner join actors as other_actors on counted.other_actor_id = other_actors.actor_id
)

select * from final
