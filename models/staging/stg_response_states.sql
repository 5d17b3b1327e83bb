select * from {{ ref('response_states') }}
