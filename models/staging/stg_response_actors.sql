select * from {{ ref('response_actors') }}
