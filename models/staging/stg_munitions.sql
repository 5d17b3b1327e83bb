select munitions.*
from {{ ref('munitions') }} as munitions
where
    exists (
        select 1
        from {{ ref('stg_statements') }} as statements
        where statements.statement_id = munitions.statement_id
    )
    and (
        munitions.passage_id is null
        or exists (
            select 1
            from {{ ref('stg_passages') }} as passages
            where passages.passage_id = munitions.passage_id
        )
    )
