{# What one statement says of one group hurt in one event. Parts of one partition are disjoint and add up; parts of two partitions overlap, and so do separate figures, so the larger counts and no upper bound follows. #}
with

casualties as (
    select * from {{ ref('int_casualty_groups') }}
),

parts_added as (
    select
        statement_id,
        claimant_id,
        event_id,
        outcome,
        victim_group,
        coalesce(part_of_id, casualty_id) as whole_id,
        coalesce(divided_by, 'whole') as divided_by,
        count(*) as n_figures,
        max(case when is_of_some_only then 1 else 0 end) = 1 as is_of_some_only,
        cast(sum(low) as integer) as low,
        case when count(best) = count(*) then cast(sum(best) as integer) end as best,
        case when count(high) = count(*) then cast(sum(high) as integer) end as high
    from casualties
    group by
        statement_id,
        claimant_id,
        event_id,
        outcome,
        victim_group,
        coalesce(part_of_id, casualty_id),
        coalesce(divided_by, 'whole')
),

tolls as (
    select
        statement_id,
        claimant_id,
        event_id,
        outcome,
        victim_group,
        cast(sum(n_figures) as integer) as n_figures,
        min(case when is_of_some_only then 1 else 0 end) = 1 as is_of_some_only,
        max(low) as low,
        case
            when max(best) >= max(case when best is null then low else 0 end) then max(best)
        end as best,
        case when count(*) = 1 then max(high) end as high
    from parts_added
    group by statement_id, claimant_id, event_id, outcome, victim_group
)

select * from tolls
