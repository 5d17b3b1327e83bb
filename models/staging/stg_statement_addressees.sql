select statement_addressees.*
from {{ ref('statement_addressees') }} as statement_addressees
where exists (
    select 1
    from {{ ref('stg_statements') }} as statements
    where statements.statement_id = statement_addressees.statement_id
)
