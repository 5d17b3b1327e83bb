select * from {{ ref('statements') }}
