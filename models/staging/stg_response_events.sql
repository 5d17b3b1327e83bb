{{ chosen('response_events', response_id='stg_responses', event_id='stg_events') }}
