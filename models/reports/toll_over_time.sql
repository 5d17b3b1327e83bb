{# How the toll of each strike moved: every total that anybody gave, in the order in which it was said (those of one day without an hour by their figure, since their order is not known), those since updated or taken back included. That none of some was hurt, and a misprint, move neither bound. #}
with

casualties as (
    select * from {{ ref('fct_casualties') }}
),

{# The killed among "killed or injured" are a total of the killed. #}
totals as (
    select
        casualties.*,
        casualties.status not in ('civilian', 'not_stated') as is_of_forces
    from casualties
    left join casualties as whole on casualties.part_of_id = whole.casualty_id
    where
        casualties.outcome <> 'missing'
        and (casualties.part_of_id is null or whole.outcome <> casualties.outcome)
),

events as (
    select * from {{ ref('fct_events') }}
    where {{ is_strike('event_kind') }}
),

statements as (
    select * from {{ ref('fct_statements') }}
),

{# Where the day of a statement is not told, it was said before what updates it. #}
updates as (
    select
        supersedes_id as statement_id,
        min(said_from_date) as first_update_date
    from statements
    group by supersedes_id
),

figures as (
    select
        statement_id,
        event_id,
        outcome,
        age_group,
        sex,
        is_of_forces,
        max(best) as best
    from totals
    group by statement_id, event_id, outcome, age_group, sex, is_of_forces
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
                    coalesce(statements.said_from_date, updates.first_update_date) asc nulls last,
                    statements.said_from_date is not null asc,
                    statements.said_to_date asc nulls last,
                    statements.said_time asc nulls last,
                    case
                        when updated.best > casualties.best then updated.best
                        else casualties.best
                    end asc nulls last,
                    statements.supersedes_id is not null asc,
                    earlier.supersedes_id is not null asc,
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
        updated.best as updates_figure,
        casualties.report_use <> 'misprint'
        and (
            casualties.best > 0
            or (
                casualties.age_group = 'not_stated'
                and casualties.sex = 'not_stated'
                and not casualties.is_of_forces
            )
        ) as is_figure,
        statements.supersedes_id as supersedes_statement_id,
        statements.withdrawn_date,
        casualties.casualty_id,
        coalesce(casualties.own_passage, statements.passages) as passages
    from totals as casualties
    inner join events on casualties.event_id = events.event_id
    inner join statements on casualties.statement_id = statements.statement_id
    left join statements as earlier on statements.supersedes_id = earlier.statement_id
    left join updates on statements.statement_id = updates.statement_id
    left join figures as updated
        on
            statements.supersedes_id = updated.statement_id
            and casualties.event_id = updated.event_id
            and casualties.outcome = updated.outcome
            and casualties.age_group = updated.age_group
            and casualties.sex = updated.sex
            and casualties.is_of_forces = updated.is_of_forces
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
        reports.updates_figure,
        reports.supersedes_statement_id,
        reports.withdrawn_date,
        min(case when reports.is_figure then reports.best end) over (
            partition by reports.event_id, reports.outcome
            order by reports.report_number
            rows between unbounded preceding and current row
        ) as lowest_so_far,
        max(case when reports.is_figure then reports.best end) over (
            partition by reports.event_id, reports.outcome
            order by reports.report_number
            rows between unbounded preceding and current row
        ) as highest_so_far,
        reports.passages
    from reports
)

select * from final
