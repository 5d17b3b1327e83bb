{# Each account with who puts it forward, who repeats it, who doubts or turns it down, and where it was said. Days, hours and places are left to disputed_facts. #}
with

claims as (
    select * from {{ ref('fct_claims') }}
),

propositions as (
    select * from {{ ref('fct_propositions') }}
    where topic not in ('date', 'time', 'place')
),

statements as (
    select * from {{ ref('fct_statements') }}
),

events as (
    select * from {{ ref('fct_events') }}
),

sides_taken as (
    select
        claims.proposition_id,
        {{ list_of(
            "case when claims.stance in ('asserts', 'implies', 'concedes') then claims.claimant end"
        ) }} as advanced_by,
        {{ list_of(
            "case when claims.stance in ('reports', 'endorses') then claims.claimant end"
        ) }} as repeated_by,
        {{ list_of("case when claims.stance = 'doubts' then claims.claimant end") }} as doubted_by,
        {{ list_of(
            "case when claims.stance in ('denies', 'rejects') then claims.claimant end"
        ) }} as rejected_by,
        {{ list_of("case when claims.stance = 'no_position' then claims.claimant end") }}
            as left_open_by,
        {{ list_of("coalesce(statements.outlet, statements.relayed_by)") }} as outlets,
        count(
            distinct
            case
                when {{ supports('claims.stance') }} and claims.withdrawn_date is null
                    then claims.witness_id
            end
        ) as n_witnesses_for,
        count(
            distinct
            case
                when {{ opposes('claims.stance') }} and claims.withdrawn_date is null
                    then claims.witness_id
            end
        ) as n_witnesses_against,
        count(case when claims.withdrawn_date is not null then 1 end) as n_withdrawn,
        min(claims.said_from_date) as first_said_date,
        {{ list_of('claims.passages') }} as passages
    from claims
    inner join statements on claims.statement_id = statements.statement_id
    group by claims.proposition_id
),

final as (
    select
        propositions.proposition_id,
        propositions.event_id,
        events.event,
        propositions.topic,
        propositions.proposition_kind,
        propositions.proposition,
        sides_taken.advanced_by,
        sides_taken.repeated_by,
        sides_taken.doubted_by,
        sides_taken.rejected_by,
        sides_taken.left_open_by,
        sides_taken.outlets,
        sides_taken.n_witnesses_for,
        sides_taken.n_witnesses_against,
        sides_taken.n_withdrawn,
        sides_taken.first_said_date,
        propositions.rival_group,
        sides_taken.passages
    from propositions
    inner join sides_taken on propositions.proposition_id = sides_taken.proposition_id
    left join events on propositions.event_id = events.event_id
)

select * from final
