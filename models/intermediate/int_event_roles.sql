{# The part that a state, region or other actor has in an event: what was struck or lies under it first, then who attacked. An umbrella event takes the parts of its members, and of theirs. #}
with

event_actors as (
    select * from {{ ref('stg_event_actors') }}
),

events as (
    select * from {{ ref('stg_events') }}
),

{# What hits an armed force hits its state. #}
states as (
    select
        relations.actor_id,
        relations.other_actor_id as state_id
    from {{ ref('stg_actor_relations') }} as relations
    inner join {{ ref('stg_actors') }} as actors on relations.other_actor_id = actors.actor_id
    where
        relations.kind = 'part_of'
        and relations.standing <> 'former'
        and actors.kind in ('state', 'autonomous_region')
),

parts as (
    select
        event_id,
        actor_id,
        role
    from event_actors

    union all

    select
        event_actors.event_id,
        states.state_id as actor_id,
        event_actors.role
    from event_actors
    inner join states on event_actors.actor_id = states.actor_id

    union all

    select
        events.part_of_id as event_id,
        event_actors.actor_id,
        event_actors.role
    from event_actors
    inner join events on event_actors.event_id = events.event_id
    where events.part_of_id is not null

    union all

    select
        umbrellas.part_of_id as event_id,
        event_actors.actor_id,
        event_actors.role
    from event_actors
    inner join events on event_actors.event_id = events.event_id
    inner join events as umbrellas on events.part_of_id = umbrellas.event_id
    where umbrellas.part_of_id is not null
),

final as (
    select
        event_id,
        actor_id,
        case
            when count(case when role in ('struck', 'on_soil_of') then 1 end) > 0 then 'struck'
            else 'attacker'
        end as reaction_role
    from parts
    where role in ('struck', 'on_soil_of', 'attacker')
    group by event_id, actor_id
)

select * from final
