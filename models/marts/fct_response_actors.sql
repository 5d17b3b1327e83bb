with

response_actors as (
    select * from {{ ref('stg_response_actors') }}
),

actors as (
    select * from {{ ref('stg_actors') }}
),

final as (
    select
        response_actors.response_id,
        response_actors.actor_id,
        actors.name as actor,
        response_actors.role as response_role,
        response_actors.on_behalf_of_id,
        response_actors.level
    from response_actors
    inner join actors on response_actors.actor_id = actors.actor_id
)

select * from final
