{{ chosen('statements', found_in='stg_citations') }}
