{# What is disputed of an event: rival propositions that somebody holds, or one proposition that somebody turns down. #}
with

claims as (
    select * from {{ ref('fct_claims') }}
    where proposition_id is not null
),

propositions as (
    select * from {{ ref('fct_propositions') }}
),

events as (
    select * from {{ ref('fct_events') }}
),

stances as (
    select
        proposition_id,
        claimant_id,
        claimant,
        stance,
        concat_ws(
            '',
            claimant,
            case when certainty <> 'unhedged' then concat(' (', certainty, ')') end,
            case when withdrawn_date is not null then ' (withdrawn)' end
        ) as claimant_for,
        concat_ws(
            '',
            claimant,
            concat(' (', stance, ')'),
            case when withdrawn_date is not null then ' (withdrawn)' end
        ) as claimant_against,
        {{ supports('stance') }} as is_for,
        {{ opposes('stance') }} as is_against,
        withdrawn_date is null as is_standing
    from claims
),

positions as (
    select
        propositions.proposition_id,
        coalesce(propositions.rival_group, propositions.proposition_id) as dispute_id,
        propositions.event_id,
        propositions.topic,
        propositions.proposition,
        {{ list_of("case when stances.is_for then stances.claimant_for end", ", ") }} as held_by,
        {{ list_of("case when stances.is_against then stances.claimant_against end", ", ") }}
            as turned_down_by,
        count(distinct case when stances.is_for then stances.claimant_id end) as n_holding,
        count(
            distinct case when stances.is_for and stances.is_standing then stances.claimant_id end
        ) as n_still_holding,
        count(case when stances.is_against then 1 end) as n_ever_turning_down,
        count(
            distinct
            case when stances.is_against and stances.is_standing then stances.claimant_id end
        ) as n_turning_down,
        count(case when stances.stance = 'concedes' and stances.is_standing then 1 end)
            as n_conceding
    from stances
    inner join propositions on stances.proposition_id = propositions.proposition_id
    group by
        propositions.proposition_id,
        coalesce(propositions.rival_group, propositions.proposition_id),
        propositions.event_id,
        propositions.topic,
        propositions.proposition
),

positions_worded as (
    select
        *,
        concat_ws(
            '',
            proposition,
            ' For: ' || held_by || '.',
            ' Against: ' || turned_down_by || '.'
        ) as wording
    from positions
),

claimants_counted as (
    select
        coalesce(propositions.rival_group, propositions.proposition_id) as dispute_id,
        count(distinct stances.claimant_id) as n_claimants
    from stances
    inner join propositions on stances.proposition_id = propositions.proposition_id
    where stances.is_for or stances.is_against
    group by coalesce(propositions.rival_group, propositions.proposition_id)
),

disputes as (
    select
        dispute_id,
        min({{ bytewise('event_id') }}) as event_id,
        min({{ bytewise('topic') }}) as topic,
        count(case when n_holding > 0 then 1 end) as n_positions,
        count(case when n_still_holding > 0 then 1 end) as n_positions_held,
        sum(case when n_still_holding > 0 then n_turning_down else 0 end) as n_turning_down,
        sum(case when n_holding > 0 then n_ever_turning_down else 0 end) as n_ever_turning_down,
        sum(n_conceding) as n_conceding,
        {{ list_of('wording', ' | ') }} as positions
    from positions_worded
    group by dispute_id
),

final as (
    select
        disputes.dispute_id,
        disputes.event_id,
        events.event,
        disputes.topic,
        disputes.n_positions,
        claimants_counted.n_claimants,
        case
            when disputes.n_conceding > 0 then 'conceded'
            when disputes.n_positions_held <= 1 and disputes.n_turning_down = 0 then 'withdrawn'
            else 'open'
        end as dispute_state,
        disputes.positions
    from disputes
    inner join claimants_counted on disputes.dispute_id = claimants_counted.dispute_id
    left join events on disputes.event_id = events.event_id
    where
        disputes.n_positions > 1
        or (disputes.n_positions = 1 and disputes.n_ever_turning_down > 0)
)

select * from final
