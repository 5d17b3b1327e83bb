select casualties.*
from {{ ref('casualties') }} as casualties
where
    exists (
        select 1
        from {{ ref('stg_statements') }} as statements
        where statements.statement_id = casualties.statement_id
    )
    and (
        casualties.passage_id is null
        or exists (
            select 1
            from {{ ref('stg_passages') }} as passages
            where passages.passage_id = casualties.passage_id
        )
    )
