{# What is disputed of an event: rival accounts that somebody holds, or one that somebody turns down. #}
with

stances as (
    select
        *,
        {{ supports('stance') }} as is_for,
        {{ opposes('stance') }} as is_against
    from {{ ref('int_positions') }}
),

events as (
    select * from {{ ref('fct_events') }}
),

event_roles as (
    select * from {{ ref('int_event_roles') }}
),

{# Whether the claimant speaks for who attacked or for who was struck. #}
sides as (
    select
        stances.*,
        event_roles.reaction_role as side,
        concat(
            stances.claimant,
            case
                when stances.certainty <> 'unhedged' then concat(' (', stances.certainty, ')')
                else ''
            end,
            case when not stances.is_standing then ' (withdrawn)' else '' end
        ) as claimant_for,
        concat(
            stances.claimant,
            concat(' (', stances.stance, ')'),
            case when not stances.is_standing then ' (withdrawn)' else '' end
        ) as claimant_against
    from stances
    left join event_roles
        on
            stances.event_id = event_roles.event_id
            and stances.witness_id = event_roles.actor_id
),

positions as (
    select
        dispute_id,
        position_id,
        position_text,
        {{ list_of("case when is_for then claimant_for end", ", ") }} as held_by,
        {{ list_of("case when is_against then claimant_against end", ", ") }} as turned_down_by,
        count(case when is_for then 1 end) as n_holding,
        count(distinct case when is_for and is_standing then claimant_id end) as n_still_holding,
        count(distinct case when is_for and is_standing then witness_id end) as n_witnesses_for,
        count(case when is_against then 1 end) as n_ever_turning_down,
        count(case when is_against and is_standing then 1 end) as n_turning_down,
        count(case when is_for and is_standing then side end) as n_sides_for,
        count(distinct case when is_for and is_standing then side end) = 2
        and count(case when is_against and is_standing then side end) = 0 as is_held_by_both_sides,
        count(case when stance = 'concedes' and is_standing then 1 end) as n_conceding
    from sides
    group by dispute_id, position_id, position_text
),

positions_ranked as (
    select
        *,
        concat(
            position_text,
            case when held_by is not null then concat(' For: ', held_by, '.') else '' end,
            case
                when turned_down_by is not null then concat(' Against: ', turned_down_by, '.')
                else ''
            end
        ) as wording,
        row_number() over (
            partition by dispute_id
            order by n_witnesses_for desc, n_still_holding desc, {{ bytewise('position_id') }} asc
        ) as position_rank,
        max(n_witnesses_for) over (partition by dispute_id) as most_witnesses
    from positions
),

claimants_counted as (
    select
        dispute_id,
        min({{ bytewise('event_id') }}) as event_id,
        min({{ bytewise('topic') }}) as topic,
        min(case when is_of_fact then 1 else 0 end) = 1 as is_of_fact,
        count(distinct claimant_id) as n_claimants,
        count(distinct witness_id) as n_witnesses
    from stances
    where is_for or is_against
    group by dispute_id
),

disputes as (
    select
        dispute_id,
        count(case when n_holding > 0 then 1 end) as n_positions,
        count(case when n_still_holding > 0 then 1 end) as n_positions_held,
        count(case when n_witnesses_for > 0 then 1 end) as n_positions_attested,
        count(case when n_sides_for > 0 then 1 end) as n_positions_of_a_side,
        count(case when n_still_holding > 0 and n_turning_down > 0 then 1 end) as n_turned_down,
        count(case when n_holding > 0 and n_ever_turning_down > 0 then 1 end)
            as n_ever_turned_down,
        count(case when n_conceding > 0 then 1 end) as n_conceded,
        {{ list_of(
            "case when position_rank > 1 and n_witnesses_for > 0 "
            "and n_witnesses_for = most_witnesses then position_text end"
        ) }} as held_by_as_many,
        {{ list_of('wording', ' | ') }} as positions
    from positions_ranked
    group by dispute_id
),

weighed as (
    select
        disputes.*,
        claimants_counted.event_id,
        claimants_counted.topic,
        claimants_counted.n_claimants,
        claimants_counted.n_witnesses,
        foremost.position_text as leading_position,
        foremost.n_witnesses_for as n_witnesses_for_leading,
        case
            when disputes.n_conceded > 0 then 'conceded'
            when disputes.n_positions_held <= 1 and disputes.n_turned_down = 0 then 'withdrawn'
            when not claimants_counted.is_of_fact then 'open'
            when
                foremost.is_held_by_both_sides
                and disputes.n_positions_of_a_side = 1
                then 'both_parties'
            when
                claimants_counted.topic
                in ('date', 'time', 'place', 'killed', 'injured', 'missiles', 'drones')
                and disputes.n_positions_attested = 1
                and foremost.n_witnesses_for > 1
                and foremost.n_turning_down = 0
                then 'no_witness_against'
            else 'open'
        end as outcome
    from disputes
    inner join claimants_counted on disputes.dispute_id = claimants_counted.dispute_id
    inner join positions_ranked as foremost
        on disputes.dispute_id = foremost.dispute_id and foremost.position_rank = 1
    where disputes.n_positions > 1 or disputes.n_ever_turned_down > 0
),

final as (
    select
        weighed.dispute_id,
        weighed.event_id,
        events.event,
        weighed.topic,
        weighed.n_positions,
        weighed.n_claimants,
        weighed.n_witnesses,
        weighed.leading_position,
        weighed.n_witnesses_for_leading,
        weighed.held_by_as_many,
        case
            when weighed.outcome in ('both_parties', 'no_witness_against') then 'settled'
            else weighed.outcome
        end as dispute_state,
        case
            when weighed.outcome in ('both_parties', 'no_witness_against') then weighed.outcome
        end as settled_by,
        weighed.positions
    from weighed
    left join events on weighed.event_id = events.event_id
)

select * from final
