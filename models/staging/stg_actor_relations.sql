select * from {{ ref('actor_relations') }}
