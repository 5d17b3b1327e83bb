select citations.*
from {{ ref('citations') }} as citations
where exists (
    select 1
    from {{ ref('stg_passages') }} as passages
    where passages.passage_id = citations.passage_id
)
