{# Every figure that anybody gives, beside its rivals, with who gives it, where it is read, and whether it counts. #}
with

casualties as (
    select * from {{ ref('fct_casualties') }}
),

events as (
    select * from {{ ref('fct_events') }}
),

statements as (
    select * from {{ ref('fct_statements') }}
),

report_uses as (
    select
        code,
        definition
    from {{ ref('codes') }}
    where code_list = 'report_uses'
),

final as (
    select
        casualties.casualty_id,
        casualties.event_id,
        events.event,
        events.event_kind,
        casualties.outcome,
        casualties.wording,
        casualties.qualifier,
        casualties.low,
        casualties.best,
        casualties.high,
        casualties.age_group,
        casualties.sex,
        casualties.relation,
        casualties.nationality,
        casualties.is_nationality_negated,
        casualties.status,
        casualties.status_basis,
        casualties.part_of_id,
        casualties.divided_by,
        statements.claimant_id,
        statements.claimant,
        statements.witness,
        statements.relayed_by,
        statements.said_from_date,
        statements.said_to_date,
        coalesce(casualties.own_passage, statements.passages) as passages,
        statements.supersedes_id as supersedes_statement_id,
        casualties.report_use in ('total', 'part') as is_used,
        casualties.report_use,
        report_uses.definition as use_explained
    from casualties
    inner join events on casualties.event_id = events.event_id
    inner join statements on casualties.statement_id = statements.statement_id
    inner join report_uses on casualties.report_use = report_uses.code
)

select * from final
