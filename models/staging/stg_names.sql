{{ chosen('names', passage_id='stg_passages') }}
