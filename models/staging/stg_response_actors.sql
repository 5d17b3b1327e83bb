{{ chosen('response_actors', response_id='stg_responses') }}
