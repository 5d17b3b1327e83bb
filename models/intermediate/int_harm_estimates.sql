{# low, best and high of people hurt in an event, by group. best is the figure that most claimants give, among equals the lowest; low and high are the least lower and the greatest upper bound; high is unknown where nobody bounds the figure from above, or where somebody puts the least above every upper bound. A report without a figure gives low only where no report has one: a vaguer word is no evidence of fewer, though it may be of more. #}
with

tolls as (
    select * from {{ ref('int_statement_tolls') }}
),

{# Who tells only of children gives no figure for everyone where somebody else does. #}
tolls_weighed as (
    select
        *,
        case
            when
                not is_of_some_only
                or count(case when not is_of_some_only then best end)
                    over (partition by event_id, outcome, victim_group)
                = 0
                then best
        end as figure
    from tolls
),

figures_ranked as (
    select
        event_id,
        outcome,
        victim_group,
        figure,
        row_number() over (
            partition by event_id, outcome, victim_group
            order by count(distinct claimant_id) desc, figure asc
        ) as figure_rank
    from tolls_weighed
    where figure is not null
    group by event_id, outcome, victim_group, figure
),

ranges as (
    select
        event_id,
        outcome,
        victim_group,
        count(*) as n_reports,
        count(*) - count(best) as n_reports_without_figure,
        count(distinct claimant_id) as n_claimants,
        case
            when count(figure) > 0 then min(case when figure is not null then low end)
            else min(low)
        end as least_low,
        max(low) as greatest_low,
        max(high) as greatest_high
    from tolls_weighed
    group by event_id, outcome, victim_group
),

final as (
    select
        ranges.event_id,
        ranges.outcome,
        ranges.victim_group,
        ranges.n_reports,
        ranges.n_reports_without_figure,
        ranges.n_claimants,
        case
            when ranges.least_low > figures_ranked.figure then figures_ranked.figure
            else ranges.least_low
        end as low,
        figures_ranked.figure as best,
        case
            when ranges.greatest_low > ranges.greatest_high then null
            when figures_ranked.figure > ranges.greatest_high then null
            else ranges.greatest_high
        end as high
    from ranges
    left join figures_ranked
        on
            ranges.event_id = figures_ranked.event_id
            and ranges.outcome = figures_ranked.outcome
            and ranges.victim_group = figures_ranked.victim_group
            and figures_ranked.figure_rank = 1
)

select * from final
