select * from {{ ref('statement_addressees') }}
