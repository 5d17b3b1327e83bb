select every_name.*
from {{ ref('names') }} as every_name
where exists (
    select 1
    from {{ ref('stg_passages') }} as passages
    where passages.passage_id = every_name.passage_id
)
