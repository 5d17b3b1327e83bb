{{ told_by_documents_read('response_states') }}
    and exists (
        select 1
        from {{ ref('stg_responses') }} as responses
        where responses.response_id = response_states.response_id
    )
