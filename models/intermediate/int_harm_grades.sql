{# How well the harm to a group in an event is attested; RULES.md gives the rule, the list evidence_grades the meaning of each grade. #}
with

tolls as (
    select * from {{ ref('int_statement_tolls') }}
),

casualty_groups as (
    select * from {{ ref('int_casualty_groups') }}
),

casualties as (
    select * from {{ ref('int_casualties_standing') }}
),

claims as (
    select * from {{ ref('stg_claims') }}
    where target_table = 'casualties'
),

statements as (
    select * from {{ ref('stg_statements') }}
    where withdrawn_date is null
),

witnesses as (
    select * from {{ ref('int_statement_witnesses') }}
    where witness_id is not null
),

attackers as (
    select
        event_id,
        actor_id
    from {{ ref('stg_event_actors') }}
    where role = 'attacker'
),

{# Who says that people were hurt, who says that nobody was, and who turns a report down: a report of nobody hurt is one of no harm. #}
testimony as (
    select
        event_id,
        outcome,
        victim_group,
        witness_id,
        coalesce(best, low) > 0 as tells_of_harm,
        high = 0 as denies_harm
    from tolls

    union all

    select
        casualty_groups.event_id,
        casualty_groups.outcome,
        casualty_groups.victim_group,
        witnesses.witness_id,
        claims.stance in ('asserts', 'endorses', 'concedes')
        and coalesce(casualty_groups.best > 0, true) as tells_of_harm,
        case
            when coalesce(casualty_groups.best > 0, true) then {{ opposes('claims.stance') }}
            else casualty_groups.high = 0 and {{ supports('claims.stance') }}
        end as denies_harm
    from claims
    inner join casualty_groups
        on claims.target_id = casualty_groups.casualty_id and not casualty_groups.is_of_some_only
    inner join statements on claims.statement_id = statements.statement_id
    inner join witnesses on claims.statement_id = witnesses.statement_id
),

weighed as (
    select
        testimony.event_id,
        testimony.outcome,
        testimony.victim_group,
        count(case when testimony.tells_of_harm then 1 end) as n_telling,
        count(distinct case when testimony.tells_of_harm then testimony.witness_id end)
            as n_witnesses,
        count(
            case when testimony.tells_of_harm and attackers.actor_id is not null then 1 end
        ) as n_from_the_attacker,
        count(case when testimony.denies_harm then testimony.witness_id end) as n_denying
    from testimony
    left join attackers
        on
            testimony.event_id = attackers.event_id
            and testimony.witness_id = attackers.actor_id
    group by testimony.event_id, testimony.outcome, testimony.victim_group
),

graded as (
    select
        event_id,
        outcome,
        victim_group,
        case
            when n_telling = 0 then 'discounted'
            when n_denying > 0 then 'contested'
            when n_from_the_attacker > 0 and n_witnesses > 1 then 'confirmed'
            when n_witnesses > 1 then 'fair'
            else 'weak'
        end as evidence_grade
    from weighed
),

{# Where every report was set aside there is no toll left to weigh. #}
set_aside as (
    select
        event_id,
        outcome,
        'everyone' as victim_group,
        'discounted' as evidence_grade
    from casualties
    group by event_id, outcome
    having
        count(case when report_use in ('total', 'part', 'several_events') then 1 end) = 0
),

final as (
    select * from graded

    union all

    select * from set_aside
)

select * from final
