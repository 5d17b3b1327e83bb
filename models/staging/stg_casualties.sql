select * from {{ ref('casualties') }}
