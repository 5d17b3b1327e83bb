select response_states.*
from {{ ref('response_states') }} as response_states
where
    exists (
        select 1
        from {{ ref('stg_responses') }} as responses
        where responses.response_id = response_states.response_id
    )
    and exists (
        select 1
        from {{ ref('stg_statements') }} as statements
        where statements.statement_id = response_states.statement_id
    )
    and (
        response_states.passage_id is null
        or exists (
            select 1
            from {{ ref('stg_passages') }} as passages
            where passages.passage_id = response_states.passage_id
        )
    )
