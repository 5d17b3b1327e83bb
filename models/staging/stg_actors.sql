select * from {{ ref('actors') }}
