{# Which reports of people hurt count towards the estimate of a strike, and why the others do not. #}
with

casualties as (
    select * from {{ ref('int_casualties_bounded') }}
),

statements as (
    select * from {{ ref('stg_statements') }}
),

witnesses as (
    select * from {{ ref('int_statement_witnesses') }}
),

events as (
    select * from {{ ref('stg_events') }}
),

{# A later statement takes the place of an earlier one, with its parts, only where it speaks of the same event, outcome and group. #}
superseded as (
    select distinct earlier.casualty_id
    from casualties as earlier
    inner join statements on earlier.statement_id = statements.supersedes_id
    inner join casualties as later
        on
            statements.statement_id = later.statement_id
            and earlier.event_id = later.event_id
            and earlier.outcome = later.outcome
            and earlier.age_group = later.age_group
            and earlier.sex = later.sex
            and (
                earlier.status = later.status
                or (
                    earlier.status in ('civilian', 'not_stated')
                    and later.status in ('civilian', 'not_stated')
                )
            )
            and (
                earlier.nationality is null
                or later.nationality is null
                or (
                    earlier.nationality = later.nationality
                    and earlier.is_nationality_negated = later.is_nationality_negated
                )
            )
            and (earlier.part_of_id is null) = (later.part_of_id is null)
    inner join witnesses on statements.statement_id = witnesses.statement_id
    where statements.withdrawn_date is null and not witnesses.is_misrendered
),

{# With a report go its parts, and the parts of these. #}
parts_superseded as (
    select casualties.casualty_id
    from casualties
    inner join superseded on casualties.part_of_id = superseded.casualty_id

    union distinct

    select casualties.casualty_id
    from casualties
    inner join casualties as whole on casualties.part_of_id = whole.casualty_id
    inner join superseded on whole.part_of_id = superseded.casualty_id
),

standing as (
    select
        casualties.*,
        case
            when statements.withdrawn_date is not null then 'withdrawn'
            when coalesce(superseded.casualty_id, parts_superseded.casualty_id) is not null
                then 'superseded'
            when witnesses.is_misrendered then 'misprint'
            when events.kind = 'series' then 'several_events'
            when casualties.part_of_id is not null then 'part'
            else 'total'
        end as report_use
    from casualties
    inner join statements on casualties.statement_id = statements.statement_id
    inner join witnesses on casualties.statement_id = witnesses.statement_id
    inner join events on casualties.event_id = events.event_id
    left join superseded on casualties.casualty_id = superseded.casualty_id
    left join parts_superseded on casualties.casualty_id = parts_superseded.casualty_id
)

select * from standing
