{# Where each statement, event and response is found. #}
with

citations as (
    select * from {{ ref('stg_citations') }}
),

passages as (
    select * from {{ ref('stg_passages') }}
),

final as (
    select
        citations.passage_id,
        citations.cited_table,
        citations.cited_id,
        passages.source_id,
        passages.locator_kind,
        passages.locator,
        citations.role as citation_role,
        citations.fidelity,
        citations.note
    from citations
    inner join passages on citations.passage_id = passages.passage_id
)

select * from final
