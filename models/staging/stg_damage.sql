select damage.*
from {{ ref('damage') }} as damage
where
    exists (
        select 1
        from {{ ref('stg_statements') }} as statements
        where statements.statement_id = damage.statement_id
    )
    and (
        damage.passage_id is null
        or exists (
            select 1
            from {{ ref('stg_passages') }} as passages
            where passages.passage_id = damage.passage_id
        )
    )
