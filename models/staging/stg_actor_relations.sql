select actor_relations.*
from {{ ref('actor_relations') }} as actor_relations
where exists (
    select 1
    from {{ ref('stg_passages') }} as passages
    where passages.passage_id = actor_relations.passage_id
)
