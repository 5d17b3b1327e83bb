with

damage as (
    select * from {{ ref('stg_damage') }}
),

final as (
    select
        damage_id,
        statement_id,
        event_id,
        object_kind,
        use_state,
        extent,
        figure_low,
        figure_high,
        qualifier,
        wording,
        location_id
    from damage
)

select * from final
