{{ chosen(
    'response_states',
    response_id='stg_responses',
    statement_id='stg_statements',
    passage_id='stg_passages'
) }}
