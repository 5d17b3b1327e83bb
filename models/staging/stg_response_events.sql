select response_events.*
from {{ ref('response_events') }} as response_events
where exists (
    select 1
    from {{ ref('stg_responses') }} as responses
    where responses.response_id = response_events.response_id
)
