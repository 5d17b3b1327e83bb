select * from {{ ref('damage') }}
