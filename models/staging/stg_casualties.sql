{{ chosen(
    'casualties', statement_id='stg_statements', event_id='stg_events', passage_id='stg_passages'
) }}
