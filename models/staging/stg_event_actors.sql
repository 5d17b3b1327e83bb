{{ chosen('event_actors', event_id='stg_events', statement_id='stg_statements') }}
