select * from {{ ref('response_events') }}
