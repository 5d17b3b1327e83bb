{# low, best and high of people hurt in an event, by group. best is chosen by the rule that the var best_rule names; low and high are the least lower and the greatest upper bound; high is unknown where nobody bounds the figure from above, or where somebody puts the least above every upper bound. A report without a figure gives low only where no report has one: a vaguer word is no evidence of fewer, though it may be of more. #}
with

tolls as (
    select * from {{ ref('int_statement_tolls') }}
    where is_counted
),

figures_ranked as (
    select
        event_id,
        outcome,
        victim_group,
        figure,
        count(distinct witness_id) as n_witnesses,
        row_number() over (
            partition by event_id, outcome, victim_group
            order by {{ best_figure_first() }}
        ) as figure_rank
    from tolls
    where figure is not null
    group by event_id, outcome, victim_group, figure
),

ranges as (
    select
        event_id,
        outcome,
        victim_group,
        count(distinct witness_id) as n_witnesses,
        case
            when count(figure) > 0 then min(case when figure is not null then low end)
            else min(low)
        end as least_low,
        max(low) as greatest_low,
        max(high) as greatest_high
    from tolls
    group by event_id, outcome, victim_group
),

final as (
    select
        ranges.event_id,
        ranges.outcome,
        ranges.victim_group,
        case
            when ranges.least_low > figures_ranked.figure then figures_ranked.figure
            else ranges.least_low
        end as low,
        figures_ranked.figure as best,
        case
            when ranges.greatest_low > ranges.greatest_high then null
            when figures_ranked.figure > ranges.greatest_high then null
            else ranges.greatest_high
        end as high,
        ranges.n_witnesses,
        figures_ranked.n_witnesses as n_witnesses_for_best
    from ranges
    left join figures_ranked
        on
            ranges.event_id = figures_ranked.event_id
            and ranges.outcome = figures_ranked.outcome
            and ranges.victim_group = figures_ranked.victim_group
            and figures_ranked.figure_rank = 1
)

select * from final
