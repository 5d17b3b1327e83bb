{{ chosen('actor_relations', statement_id='stg_statements', passage_id='stg_passages') }}
