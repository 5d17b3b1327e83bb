with

relations as (
    select * from {{ ref('stg_actor_relations') }}
),

actors as (
    select * from {{ ref('stg_actors') }}
),

final as (
    select
        relations.relation_id,
        relations.actor_id,
        actors.name as actor,
        relations.kind as relation_kind,
        relations.other_actor_id,
        other_actors.name as other_actor,
        relations.title,
        relations.standing,
        relations.from_date,
        relations.to_date,
        relations.statement_id,
        relations.passage_id
    from relations
    inner join actors on relations.actor_id = actors.actor_id
    inner join actors as other_actors on relations.other_actor_id = other_actors.actor_id
)

select * from final
