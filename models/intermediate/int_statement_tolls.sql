{# What one statement says of one group hurt in one event. Parts of one partition are disjoint and add up; parts of two partitions overlap, and so do separate figures, so the larger counts and no upper bound follows. #}
with

casualties as (
    select * from {{ ref('int_casualty_groups') }}
),

witnesses as (
    select * from {{ ref('int_statement_witnesses') }}
),

statements as (
    select * from {{ ref('stg_statements') }}
),

parts_added as (
    select
        statement_id,
        event_id,
        outcome,
        victim_group,
        coalesce(part_of_id, casualty_id) as whole_id,
        coalesce(divided_by, 'whole') as divided_by,
        max(case when is_of_some_only then 1 else 0 end) = 1 as is_of_some_only,
        cast(sum(low) as integer) as low,
        case
            when
                count(best) = count(*)
                and (
                    coalesce(divided_by, 'whole') <> 'person'
                    or count(case when adds_up_to_whole then 1 end) = count(*)
                )
                and not (max(case when is_of_some_only then 1 else 0 end) = 1 and max(best) = 0)
                then cast(sum(best) as integer)
        end as best,
        case when count(high) = count(*) then cast(sum(high) as integer) end as high
    from casualties
    group by
        statement_id,
        event_id,
        outcome,
        victim_group,
        coalesce(part_of_id, casualty_id),
        coalesce(divided_by, 'whole')
),

tolls as (
    select
        statement_id,
        event_id,
        outcome,
        victim_group,
        case
            when max(best) >= max(case when best is null then low else 0 end)
                then count(case when best is not null and not is_of_some_only then 1 end) = 0
            else min(case when is_of_some_only then 1 else 0 end) = 1
        end as is_of_some_only,
        max(low) as low,
        case
            when max(best) >= max(case when best is null then low else 0 end) then max(best)
        end as best,
        case when count(*) = 1 then max(high) end as high
    from parts_added
    group by statement_id, event_id, outcome, victim_group
),

attested as (
    select
        tolls.*,
        statements.said_from_date,
        witnesses.witness_id,
        witnesses.is_official
    from tolls
    inner join witnesses on tolls.statement_id = witnesses.statement_id
    inner join statements on tolls.statement_id = statements.statement_id
),

{# Whoever gives a figure for all is not counted among those who tell of some alone. #}
by_witness as (
    select
        event_id,
        outcome,
        victim_group,
        witness_id,
        max(case when is_of_some_only then 0 else 1 end) as is_for_all
    from attested
    where best is not null
    group by event_id, outcome, victim_group, witness_id
),

attestation as (
    select
        event_id,
        outcome,
        victim_group,
        count(case when is_for_all = 1 then 1 end) as n_figures_for_all,
        count(case when is_for_all = 1 then witness_id end) as n_witnesses_for_all,
        count(case when is_for_all = 0 then witness_id end) as n_witnesses_for_some
    from by_witness
    group by event_id, outcome, victim_group
),

{# What is only drawn from others counts where no witness gives a figure, and nowhere else. A figure of children alone is one for everyone where more witnesses give such than a figure for all, or nobody gives one; that none of some was hurt is a figure for nobody else. #}
final as (
    select
        attested.*,
        attested.witness_id is not null
        or coalesce(attestation.n_witnesses_for_all + attestation.n_witnesses_for_some, 0) = 0
            as is_counted,
        case
            when
                not attested.is_of_some_only
                or attestation.n_witnesses_for_some > attestation.n_witnesses_for_all
                or attestation.n_figures_for_all = 0
                then attested.best
        end as figure
    from attested
    left join attestation
        on
            attested.event_id = attestation.event_id
            and attested.outcome = attestation.outcome
            and attested.victim_group = attestation.victim_group
)

select * from final
