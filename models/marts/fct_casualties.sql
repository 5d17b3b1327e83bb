with

casualties as (
    select * from {{ ref('int_casualties_standing') }}
),

final as (
    select
        casualty_id,
        statement_id,
        event_id,
        outcome,
        figure_low,
        figure_high,
        qualifier,
        wording,
        low,
        best,
        high,
        age_group,
        sex,
        relation,
        nationality,
        is_nationality_negated,
        status,
        status_basis,
        victim_id,
        part_of_id,
        divided_by,
        report_use,
        note
    from casualties
)

select * from final
