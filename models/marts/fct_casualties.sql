with

casualties as (
    select * from {{ ref('int_casualties_standing') }}
),

casualty_groups as (
    select * from {{ ref('int_casualty_groups') }}
),

tolls as (
    select * from {{ ref('int_statement_tolls') }}
),

passages as (
    select * from {{ ref('stg_passages') }}
),

{# A report is left aside as drawn from others where it is so in every group it speaks of. #}
counted as (
    select
        casualty_groups.casualty_id,
        max(case when tolls.is_counted then 1 else 0 end) = 1 as is_counted
    from casualty_groups
    inner join tolls
        on
            casualty_groups.statement_id = tolls.statement_id
            and casualty_groups.event_id = tolls.event_id
            and casualty_groups.outcome = tolls.outcome
            and casualty_groups.victim_group = tolls.victim_group
    group by casualty_groups.casualty_id
),

final as (
    select
        casualties.casualty_id,
        casualties.statement_id,
        casualties.event_id,
        casualties.outcome,
        casualties.figure_low,
        casualties.figure_high,
        casualties.figure_best,
        casualties.qualifier,
        casualties.wording,
        casualties.low,
        casualties.best,
        casualties.high,
        casualties.age_group,
        casualties.sex,
        casualties.relation,
        casualties.nationality,
        casualties.is_nationality_negated,
        casualties.status,
        casualties.status_basis,
        casualties.victim_id,
        casualties.part_of_id,
        casualties.divided_by,
        case
            when casualties.report_use in ('total', 'part') and not counted.is_counted
                then 'second_hand'
            when
                casualties.report_use = 'total'
                and casualties.outcome in ('missing', 'killed_or_injured')
                then 'no_estimate'
            else casualties.report_use
        end as report_use,
        {{ worded_passage('passages') }} as own_passage,
        casualties.note
    from casualties
    left join counted on casualties.casualty_id = counted.casualty_id
    left join passages on casualties.passage_id = passages.passage_id
)

select * from final
