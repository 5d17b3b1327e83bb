select response_actors.*
from {{ ref('response_actors') }} as response_actors
where exists (
    select 1
    from {{ ref('stg_responses') }} as responses
    where responses.response_id = response_actors.response_id
)
