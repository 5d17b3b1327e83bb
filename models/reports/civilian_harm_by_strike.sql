{# What is said of people hurt and things hit, strike by strike. Without a report the figures are unknown, and harm_recorded tells silence from a report without a figure and from a reported zero. #}
{%- set measures = [
    ('killed', 'killed', 'everyone'),
    ('injured', 'injured', 'everyone'),
    ('children_killed', 'killed', 'children'),
    ('women_killed', 'killed', 'women'),
    ('men_killed', 'killed', 'men'),
    ('foreign_nationals_killed', 'killed', 'foreign_nationals'),
    ('stated_civilians_killed', 'killed', 'stated_civilians'),
    ('presumed_civilians_killed', 'killed', 'presumed_civilians'),
    ('forces_killed', 'killed', 'forces'),
] %}
{%- set measures_and_both = measures + [('hit', 'killed_or_injured', 'everyone')] %}
with

events as (
    select * from {{ ref('fct_events') }}
    where {{ is_strike('event_kind') }} and passages is not null
),

estimates as (
    select * from {{ ref('int_harm_estimates') }}
),

grades as (
    select * from {{ ref('int_harm_grades') }}
),

casualties as (
    select * from {{ ref('fct_casualties') }}
),

statements as (
    select * from {{ ref('fct_statements') }}
),

damage as (
    select * from {{ ref('fct_damage') }}
),

attackers as (
    select distinct
        event_id,
        actor_id
    from {{ ref('fct_event_actors') }}
    where event_role = 'attacker'
),

reports_counted as (
    select
        casualties.event_id,
        {{ list_of(
            "case when casualties.outcome = 'killed' and casualties.report_use = 'total' "
            ~ "then casualties.qualifier end"
        ) }} as killed_qualifiers,
        count(case when casualties.part_of_id is null then 1 end) as n_reports,
        count(distinct statements.claimant_id) as n_claimants,
        count(distinct statements.witness_id) as n_witnesses,
        count(case when casualties.report_use in ('total', 'part', 'no_estimate') then 1 end)
            as n_standing,
        count(
            case
                when casualties.report_use in ('total', 'part', 'no_estimate') then casualties.best
            end
        ) as n_standing_with_figure,
        count(case when casualties.part_of_id is null and casualties.best is null then 1 end)
            as n_reports_without_figure,
        count(
            case
                when
                    casualties.part_of_id is null
                    and casualties.report_use in ('withdrawn', 'superseded', 'misprint')
                    then 1
            end
        ) as n_reports_set_aside
    from casualties
    inner join statements on casualties.statement_id = statements.statement_id
    group by casualties.event_id
),

damage_counted as (
    select
        damage.event_id,
        count(*) as n_damage_reports,
        {{ list_of("case when attackers.actor_id is null then damage.object_kind end") }}
            as objects_hit,
        {{ list_of("case when attackers.actor_id is not null then damage.object_kind end") }}
            as objects_hit_says_attacker
    from damage
    inner join statements on damage.statement_id = statements.statement_id
    left join attackers
        on
            damage.event_id = attackers.event_id
            and coalesce(statements.witness_id, statements.claimant_id) = attackers.actor_id
    where damage.extent <> 'undamaged' and statements.withdrawn_date is null
    group by damage.event_id
),

final as (
    select
        events.event_id,
        events.event,
        events.attackers,
        events.struck,
        events.places,
        events.from_date,
        events.to_date,
        {%- for measure, outcome, victim_group in measures %}
        {{ measure }}.low as {{ measure }}_low,
        {{ measure }}.best as {{ measure }}_best,
        {{ measure }}.high as {{ measure }}_high,
        {{ measure }}_graded.evidence_grade as {{ measure }}_grade,
        {%- endfor %}
        killed.n_witnesses_for_best as killed_best_witnesses,
        injured.n_witnesses_for_best as injured_best_witnesses,
        reports_counted.killed_qualifiers,
        damage_counted.objects_hit,
        damage_counted.objects_hit_says_attacker,
        coalesce(damage_counted.n_damage_reports, 0) as n_damage_reports,
        coalesce(reports_counted.n_reports, 0) as n_reports,
        coalesce(reports_counted.n_claimants, 0) as n_claimants,
        coalesce(reports_counted.n_witnesses, 0) as n_witnesses,
        coalesce(reports_counted.n_reports_without_figure, 0) as n_reports_without_figure,
        coalesce(reports_counted.n_reports_set_aside, 0) as n_reports_set_aside,
        case
            when coalesce(reports_counted.n_standing, 0) = 0 then 'nothing_recorded'
            when
                coalesce(killed.high, hit.high) = 0
                and (killed.low is null or killed.high = 0)
                and coalesce(injured.high, injured.low, 0) = 0
                and coalesce(hit.high, hit.best, hit.low, 0) = 0
                then 'reported_zero'
            when reports_counted.n_standing_with_figure > 0 then 'reported'
            else 'reported_without_figure'
        end as harm_recorded
    from events
    {%- for measure, outcome, victim_group in measures_and_both %}
    left join estimates as {{ measure }}
        on
            events.event_id = {{ measure }}.event_id
            and {{ measure }}.outcome = '{{ outcome }}'
            and {{ measure }}.victim_group = '{{ victim_group }}'
    {%- endfor %}
    {%- for measure, outcome, victim_group in measures %}
    left join grades as {{ measure }}_graded
        on
            events.event_id = {{ measure }}_graded.event_id
            and {{ measure }}_graded.outcome = '{{ outcome }}'
            and {{ measure }}_graded.victim_group = '{{ victim_group }}'
    {%- endfor %}
    left join reports_counted on events.event_id = reports_counted.event_id
    left join damage_counted on events.event_id = damage_counted.event_id
)

select * from final
