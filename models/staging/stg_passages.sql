select passages.*
from {{ ref('passages') }} as passages
where exists (
    select 1
    from {{ ref('stg_sources') }} as sources
    where sources.source_id = passages.source_id
)
