{# What the attacker said it aimed at, beside what others said, what was hit, and who was killed. #}
with

events as (
    select * from {{ ref('fct_events') }}
    where {{ is_strike('event_kind') }} and passages is not null
),

claims as (
    select * from {{ ref('fct_claims') }}
    where withdrawn_date is null
),

event_actors as (
    select
        event_id,
        actor_id
    from {{ ref('fct_event_actors') }}
    where event_role = 'attacker'
),

damage as (
    select * from {{ ref('fct_damage') }}
),

munitions as (
    select * from {{ ref('fct_munitions') }}
),

statements as (
    select * from {{ ref('fct_statements') }}
    where withdrawn_date is null
),

estimates as (
    select * from {{ ref('int_harm_estimates') }}
    where outcome = 'killed' and victim_group = 'everyone'
),

grades as (
    select * from {{ ref('int_harm_grades') }}
    where outcome = 'killed' and victim_group = 'everyone'
),

sides_taken as (
    select
        claims.*,
        event_actors.actor_id is not null as is_attackers_word,
        claims.proposition || ' (' || claims.claimant || ')' as worded
    from claims
    left join event_actors
        on
            claims.event_id = event_actors.event_id
            and coalesce(claims.witness_id, claims.claimant_id) = event_actors.actor_id
),

targets as (
    select
        event_id,
        {{ list_of(
            "case when topic = 'target' and is_attackers_word and " ~ supports('stance')
            ~ " then worded end"
        ) }} as targets_stated_by_attacker,
        {{ list_of(
            "case when topic = 'target_denial' and is_attackers_word and " ~ opposes('stance')
            ~ " then worded end"
        ) }} as aims_denied_by_attacker,
        {{ list_of(
            "case when topic = 'target' and not is_attackers_word and " ~ supports('stance')
            ~ " then worded end"
        ) }} as targets_stated_by_others,
        {{ list_of(
            "case when topic = 'target' and not is_attackers_word and " ~ opposes('stance')
            ~ " then worded end"
        ) }} as targets_turned_down
    from sides_taken
    group by event_id
),

objects_listed as (
    select
        damage.event_id,
        {{ list_of("concat(damage.wording, ' (', statements.claimant, ')')") }} as objects_reported
    from damage
    inner join statements on damage.statement_id = statements.statement_id
    where damage.extent <> 'undamaged'
    group by damage.event_id
),

weapons as (
    select
        munitions.event_id,
        {{ list_of("concat(munitions.wording, ' (', statements.claimant, ')')") }}
            as weapons_reported
    from munitions
    inner join statements on munitions.statement_id = statements.statement_id
    group by munitions.event_id
),

final as (
    select
        events.event_id,
        events.event,
        events.event_status,
        events.attackers,
        events.struck,
        targets.targets_stated_by_attacker,
        targets.aims_denied_by_attacker,
        targets.targets_stated_by_others,
        targets.targets_turned_down,
        objects_listed.objects_reported,
        weapons.weapons_reported,
        estimates.low as killed_low,
        estimates.best as killed_best,
        estimates.high as killed_high,
        grades.evidence_grade as killed_grade
    from events
    left join estimates on events.event_id = estimates.event_id
    left join grades on events.event_id = grades.event_id
    left join targets on events.event_id = targets.event_id
    left join objects_listed on events.event_id = objects_listed.event_id
    left join weapons on events.event_id = weapons.event_id
)

select * from final
