{{ chosen('claims', statement_id='stg_statements', passage_id='stg_passages') }}
