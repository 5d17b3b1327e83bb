select * from {{ ref('claims') }}
