{{ chosen('passages', source_id='stg_sources') }}
