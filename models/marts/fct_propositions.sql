with

propositions as (
    select * from {{ ref('stg_propositions') }}
),

final as (
    select
        proposition_id,
        episode_id,
        event_id,
        topic,
        kind as proposition_kind,
        text as proposition,
        value_from_date,
        value_to_date,
        value_from_time,
        value_to_time,
        value_utc_offset_minutes,
        {{ utc_from('value_from_date', 'value_from_time', 'value_utc_offset_minutes') }}
            as value_from_utc,
        {{ utc_until('value_to_date', 'value_to_time', 'value_utc_offset_minutes') }}
            as value_until_utc,
        value_location_id,
        value_actor_id,
        value_low,
        value_high,
        value_unit,
        value_qualifier,
        rival_group
    from propositions
)

select * from final
