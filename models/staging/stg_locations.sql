select * from {{ ref('locations') }}
