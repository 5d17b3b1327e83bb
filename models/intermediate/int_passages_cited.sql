{# Where each statement, event and response is found: the sources and locators of all passages that it rests on. #}
with

citations as (
    select * from {{ ref('stg_citations') }}
),

passages as (
    select * from {{ ref('stg_passages') }}
),

final as (
    select
        citations.cited_table,
        citations.cited_id,
        {{ list_of(worded_passage('passages')) }} as passages,
        count(distinct passages.source_id) as n_sources
    from citations
    inner join passages on citations.passage_id = passages.passage_id
    group by citations.cited_table, citations.cited_id
)

select * from final
