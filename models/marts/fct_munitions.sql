with

munitions as (
    select * from {{ ref('stg_munitions') }}
),

final as (
    select
        munition_id,
        statement_id,
        event_id,
        kind as munition_kind,
        model,
        figure_low,
        figure_high,
        qualifier,
        wording,
        launch_location_id,
        part_of_id
    from munitions
)

select * from final
