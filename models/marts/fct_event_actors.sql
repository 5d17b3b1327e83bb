with

event_actors as (
    select * from {{ ref('stg_event_actors') }}
),

final as (
    select
        event_id,
        actor_id,
        role as event_role,
        statement_id
    from event_actors
)

select * from final
