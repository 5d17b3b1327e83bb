{# Where each statement, event and response is found: the sources and locators of all passages that it rests on. #}
with

citations as (
    select * from {{ ref('stg_citations') }}
),

passages as (
    select * from {{ ref('stg_passages') }}
),

cited as (
    select
        citations.cited_table,
        citations.cited_id,
        passages.source_id,
        {{ worded_passage('passages') }} as passage,
        count(*) over (
            partition by citations.cited_table, citations.cited_id
        ) as n_citations
    from citations
    inner join passages on citations.passage_id = passages.passage_id
),

{# Of millions of rows most have one passage, and lists of one would take more room than an engine has. #}
final as (
    select
        cited_table,
        cited_id,
        passage as passages,
        1 as n_sources
    from cited
    where n_citations = 1

    union all

    select
        cited_table,
        cited_id,
        {{ list_of('passage') }} as passages,
        count(distinct source_id) as n_sources
    from cited
    where n_citations > 1
    group by cited_table, cited_id
)

select * from final
