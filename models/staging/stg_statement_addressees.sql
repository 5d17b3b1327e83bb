{{ chosen('statement_addressees', statement_id='stg_statements') }}
