select * from {{ ref('passages') }}
