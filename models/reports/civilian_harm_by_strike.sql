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
    where event_kind = 'strike' and passages is not null
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

measured as (
    select
        event_id,
        {%- for measure, outcome, victim_group in measures_and_both %}
        {%- for bound in ['low', 'best', 'high'] %}
        max(
            case
                when outcome = '{{ outcome }}' and victim_group = '{{ victim_group }}'
                    then {{ bound }}
            end
        ) as {{ measure }}_{{ bound }}{{ "," if not (loop.last and measure == 'hit') }}
        {%- endfor %}
        {%- endfor %}
    from estimates
    group by event_id
),

witnesses_for_best as (
    select
        event_id,
        max(case when outcome = 'killed' then n_witnesses_for_best end) as killed_best_witnesses,
        max(case when outcome = 'injured' then n_witnesses_for_best end) as injured_best_witnesses
    from estimates
    where victim_group = 'everyone'
    group by event_id
),

attackers as (
    select distinct
        event_id,
        actor_id
    from {{ ref('fct_event_actors') }}
    where event_role = 'attacker'
),

graded as (
    select
        event_id,
        {%- for measure, outcome, victim_group in measures %}
        max(
            case
                when outcome = '{{ outcome }}' and victim_group = '{{ victim_group }}'
                    then evidence_grade
            end
        ) as {{ measure }}_grade{{ "," if not loop.last }}
        {%- endfor %}
    from grades
    group by event_id
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
        count(case when casualties.report_use in ('total', 'part') then 1 end) as n_standing,
        count(
            case when casualties.report_use in ('total', 'part') then casualties.best end
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
        measured.{{ measure }}_low,
        measured.{{ measure }}_best,
        measured.{{ measure }}_high,
        graded.{{ measure }}_grade,
        {%- endfor %}
        witnesses_for_best.killed_best_witnesses,
        witnesses_for_best.injured_best_witnesses,
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
                coalesce(measured.killed_high, measured.hit_high) = 0
                and (measured.killed_low is null or measured.killed_high = 0)
                and coalesce(measured.injured_high, measured.injured_low, 0) = 0
                and coalesce(measured.hit_high, measured.hit_best, measured.hit_low, 0) = 0
                then 'reported_zero'
            when reports_counted.n_standing_with_figure > 0 then 'reported'
            else 'reported_without_figure'
        end as harm_recorded
    from events
    left join measured on events.event_id = measured.event_id
    left join graded on events.event_id = graded.event_id
    left join reports_counted on events.event_id = reports_counted.event_id
    left join witnesses_for_best on events.event_id = witnesses_for_best.event_id
    left join damage_counted on events.event_id = damage_counted.event_id
)

select * from final
