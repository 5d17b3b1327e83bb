select statements.*
from {{ ref('statements') }} as statements
where exists (
    select 1
    from {{ ref('stg_citations') }} as citations
    where
        citations.cited_table = 'statements'
        and citations.cited_id = statements.statement_id
)
