{{ chosen('propositions', found_in='stg_claims', event_id='stg_events') }}
