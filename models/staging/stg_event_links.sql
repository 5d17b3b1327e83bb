select * from {{ ref('event_links') }}
