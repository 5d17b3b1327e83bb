select claims.*
from {{ ref('claims') }} as claims
where
    exists (
        select 1
        from {{ ref('stg_statements') }} as statements
        where statements.statement_id = claims.statement_id
    )
    and (
        claims.passage_id is null
        or exists (
            select 1
            from {{ ref('stg_passages') }} as passages
            where passages.passage_id = claims.passage_id
        )
    )
