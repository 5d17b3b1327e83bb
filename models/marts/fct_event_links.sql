with

event_links as (
    select * from {{ ref('stg_event_links') }}
),

final as (
    select
        event_id,
        link,
        linked_event_id,
        statement_id,
        certainty
    from event_links
)

select * from final
