{{ chosen('citations', passage_id='stg_passages') }}
