select event_links.*
from {{ ref('event_links') }} as event_links
where exists (
    select 1
    from {{ ref('stg_statements') }} as statements
    where statements.statement_id = event_links.statement_id
)
