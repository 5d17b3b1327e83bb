with

states as (
    select * from {{ ref('stg_response_states') }}
),

final as (
    select
        response_id,
        state as response_state,
        statement_id,
        from_date,
        to_date,
        date_precision,
        date_basis,
        local_time,
        utc_offset_minutes,
        note
    from states
)

select * from final
