{{ chosen(
    'event_links',
    event_id='stg_events',
    linked_event_id='stg_events',
    statement_id='stg_statements'
) }}
