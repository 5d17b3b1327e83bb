{# How far each source agrees with the others, and what stands in it alone. Two sources that carry the word of one witness do not confirm each other. #}
with

sources as (
    select * from {{ ref('dim_sources') }}
),

positions as (
    select * from {{ ref('int_positions') }}
),

tolls as (
    select * from {{ ref('int_statement_tolls') }}
    where victim_group = 'everyone' and best is not null and not is_of_some_only
),

statements as (
    select * from {{ ref('fct_statements') }}
),

carried as (
    select distinct
        source_id,
        cited_id as statement_id
    from {{ ref('fct_citations') }}
    where cited_table = 'statements'
),

statements_counted as (
    select
        source_id,
        count(*) as n_statements
    from carried
    group by source_id
),

sides_taken as (
    select
        carried.source_id,
        positions.dispute_id,
        positions.position_id,
        positions.position_text,
        coalesce(positions.witness_id, positions.claimant_id) as voice_id,
        {{ supports('positions.stance') }} as is_for
    from positions
    inner join carried on positions.statement_id = carried.statement_id
    where
        positions.is_standing
        and ({{ supports('positions.stance') }} or {{ opposes('positions.stance') }})
),

sides_compared as (
    select
        one.source_id,
        one.position_id,
        one.position_text,
        one.is_for,
        count(
            case
                when
                    other.position_id = one.position_id
                    and other.is_for = one.is_for
                    and other.voice_id <> one.voice_id
                    then 1
            end
        ) as n_sharing,
        count(
            case
                when other.voice_id = one.voice_id then null
                when other.position_id = one.position_id and other.is_for <> one.is_for then 1
                when other.position_id <> one.position_id and other.is_for and one.is_for then 1
            end
        ) as n_contradicting,
        count(case when other.position_id = one.position_id then 1 end) as n_elsewhere
    from sides_taken as one
    left join sides_taken as other
        on one.dispute_id = other.dispute_id and one.source_id <> other.source_id
    group by one.source_id, one.position_id, one.position_text, one.is_for
),

sides_counted as (
    select
        source_id,
        count(*) as n_sides,
        count(case when n_sharing > 0 then 1 end) as n_shared,
        count(case when n_contradicting > 0 then 1 end) as n_contradicted,
        count(case when n_elsewhere = 0 then 1 end) as n_only_here,
        {{ list_of("case when n_elsewhere = 0 and is_for then position_text end", " | ") }}
            as said_only_here
    from sides_compared
    group by source_id
),

figures as (
    select
        carried.source_id,
        tolls.event_id,
        tolls.outcome,
        tolls.best,
        coalesce(tolls.witness_id, statements.claimant_id) as voice_id
    from tolls
    inner join carried on tolls.statement_id = carried.statement_id
    inner join statements on tolls.statement_id = statements.statement_id
),

figures_compared as (
    select
        one.source_id,
        one.event_id,
        one.outcome,
        one.best,
        count(case when other.best = one.best then 1 end) as n_sharing,
        count(case when other.best <> one.best then 1 end) as n_contradicting
    from figures as one
    left join figures as other
        on
            one.event_id = other.event_id
            and one.outcome = other.outcome
            and one.source_id <> other.source_id
            and one.voice_id <> other.voice_id
    group by one.source_id, one.event_id, one.outcome, one.best
),

figures_counted as (
    select
        source_id,
        count(*) as n_figures,
        count(case when n_sharing > 0 then 1 end) as n_figures_shared,
        count(case when n_contradicting > 0 then 1 end) as n_figures_contradicted
    from figures_compared
    group by source_id
),

final as (
    select
        sources.source_id,
        sources.title,
        sources.publisher,
        sources.source_kind,
        sources.proximity,
        coalesce(statements_counted.n_statements, 0) as n_statements,
        coalesce(sides_counted.n_sides, 0) as n_sides,
        coalesce(sides_counted.n_shared, 0) as n_shared,
        coalesce(sides_counted.n_contradicted, 0) as n_contradicted,
        coalesce(sides_counted.n_only_here, 0) as n_only_here,
        coalesce(figures_counted.n_figures, 0) as n_figures,
        coalesce(figures_counted.n_figures_shared, 0) as n_figures_shared,
        coalesce(figures_counted.n_figures_contradicted, 0) as n_figures_contradicted,
        sides_counted.said_only_here
    from sources
    left join statements_counted on sources.source_id = statements_counted.source_id
    left join sides_counted on sources.source_id = sides_counted.source_id
    left join figures_counted on sources.source_id = figures_counted.source_id
)

select * from final
