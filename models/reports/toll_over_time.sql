{# How the toll of each strike moved: every total that anybody gave, in the order in which it was said (an update after what it updates), those since updated or taken back included. #}
with

casualties as (
    select * from {{ ref('fct_casualties') }}
    where part_of_id is null and outcome <> 'missing'
),

events as (
    select * from {{ ref('fct_events') }}
    where event_kind = 'strike'
),

statements as (
    select * from {{ ref('fct_statements') }}
),

reports as (
    select
        casualties.event_id,
        events.event,
        casualties.outcome,
        cast(
            row_number() over (
                partition by casualties.event_id, casualties.outcome
                order by
                    statements.said_from_date asc nulls last,
                    statements.said_to_date asc nulls last,
                    statements.said_time asc nulls last,
                    case when statements.supersedes_id is null then 0 else 1 end asc,
                    casualties.best asc nulls last,
                    {{ bytewise('casualties.casualty_id') }} asc
            ) as bigint
        ) as report_number,
        statements.said_from_date,
        statements.said_to_date,
        statements.said_date_precision,
        statements.said_time,
        statements.claimant,
        statements.witness,
        casualties.wording,
        casualties.qualifier,
        casualties.low,
        casualties.best,
        casualties.high,
        casualties.report_use,
        statements.supersedes_id as supersedes_statement_id,
        statements.withdrawn_date,
        casualties.statement_id,
        casualties.casualty_id,
        coalesce(casualties.own_passage, statements.passages) as passages
    from casualties
    inner join events on casualties.event_id = events.event_id
    inner join statements on casualties.statement_id = statements.statement_id
),

figures as (
    select
        statement_id,
        event_id,
        outcome,
        max(best) as best
    from reports
    group by statement_id, event_id, outcome
),

final as (
    select
        reports.casualty_id,
        reports.event_id,
        reports.event,
        reports.outcome,
        reports.report_number,
        reports.said_from_date,
        reports.said_to_date,
        reports.said_date_precision,
        reports.said_time,
        reports.claimant,
        reports.witness,
        reports.wording,
        reports.qualifier,
        reports.low,
        reports.best,
        reports.high,
        reports.report_use,
        earlier.best as updates_figure,
        reports.supersedes_statement_id,
        reports.withdrawn_date,
        min(reports.best) over (
            partition by reports.event_id, reports.outcome
            order by reports.report_number
            rows between unbounded preceding and current row
        ) as lowest_so_far,
        max(reports.best) over (
            partition by reports.event_id, reports.outcome
            order by reports.report_number
            rows between unbounded preceding and current row
        ) as highest_so_far,
        reports.passages
    from reports
    left join figures as earlier
        on
            reports.supersedes_statement_id = earlier.statement_id
            and reports.event_id = earlier.event_id
            and reports.outcome = earlier.outcome
)

select * from final
