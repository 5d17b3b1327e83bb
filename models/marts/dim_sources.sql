with

sources as (
    select * from {{ ref('stg_sources') }}
),

passages as (
    select * from {{ ref('stg_passages') }}
),

actors as (
    select * from {{ ref('stg_actors') }}
),

passages_counted as (
    select
        source_id,
        count(*) as n_passages,
        count(sha256) as n_hashed_passages
    from passages
    group by source_id
),

final as (
    select
        sources.source_id,
        sources.title,
        publishers.name as publisher,
        authors.name as author,
        sources.kind as source_kind,
        sources.proximity,
        sources.language_code,
        sources.published_from_date,
        sources.published_to_date,
        sources.published_date_precision,
        sources.url,
        coalesce(passages_counted.n_passages, 0) as n_passages,
        coalesce(passages_counted.n_hashed_passages, 0) as n_hashed_passages
    from sources
    inner join actors as publishers on sources.publisher_id = publishers.actor_id
    left join actors as authors on sources.author_id = authors.actor_id
    left join passages_counted on sources.source_id = passages_counted.source_id
)

select * from final
