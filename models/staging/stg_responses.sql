{{ chosen('responses', found_in='stg_citations') }}
