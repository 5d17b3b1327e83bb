select responses.*
from {{ ref('responses') }} as responses
where exists (
    select 1
    from {{ ref('stg_citations') }} as citations
    where
        citations.cited_table = 'responses'
        and citations.cited_id = responses.response_id
)
