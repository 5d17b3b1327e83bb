select * from {{ ref('event_actors') }}
