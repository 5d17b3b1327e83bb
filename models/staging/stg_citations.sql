select * from {{ ref('citations') }}
