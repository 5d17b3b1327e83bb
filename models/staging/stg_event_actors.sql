select event_actors.*
from {{ ref('event_actors') }} as event_actors
where
    event_actors.statement_id is null
    or exists (
        select 1
        from {{ ref('stg_statements') }} as statements
        where statements.statement_id = event_actors.statement_id
    )
