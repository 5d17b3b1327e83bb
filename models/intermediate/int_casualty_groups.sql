{# The groups of people that a report speaks of. Parts of a part add up to that part and bound nobody beyond it. Those of whom it tells no age or sex are in none of those groups: "not stated" is not "men", and police are not civilians. #}
{%- set victim_groups = {
    'everyone': 'counted.part_of_id is null or counted.is_whole_of_its_outcome',
    'children': "counted.age_group = 'child'",
    'women': "counted.age_group = 'adult' and counted.sex = 'female'",
    'men': "counted.age_group = 'adult' and counted.sex = 'male'",
    'foreign_nationals': '(counted.is_nationality_negated and counted.n_countries_struck = 1) '
        ~ 'or (not counted.is_nationality_negated and counted.nationality is not null '
        ~ 'and counted.n_countries_struck is null)',
    'stated_civilians': "counted.status = 'civilian' and counted.status_basis = 'stated'",
    'presumed_civilians': "counted.age_group = 'child' and counted.status = 'not_stated'",
    'forces': "counted.status in ('police', 'soldier', 'security_forces', 'armed_group_member')",
} %}
with

casualties as (
    select * from {{ ref('int_casualties_standing') }}
),

countries_struck as (
    select distinct
        event_actors.event_id,
        actors.country
    from {{ ref('stg_event_actors') }} as event_actors
    inner join {{ ref('stg_actors') }} as actors on event_actors.actor_id = actors.actor_id
    where event_actors.role = 'struck' and actors.kind = 'state'
),

struck as (
    select
        event_id,
        country,
        count(*) over (partition by event_id) as n_countries_struck
    from countries_struck
),

partitions as (
    select
        parts.part_of_id,
        parts.divided_by,
        count(parts.high) = count(*) and sum(parts.high) = max(whole.high) as adds_up_to_whole
    from {{ ref('int_casualties_standing') }} as parts
    inner join {{ ref('int_casualties_standing') }} as whole
        on parts.part_of_id = whole.casualty_id
    group by parts.part_of_id, parts.divided_by
),

parts as (
    select
        part.casualty_id,
        whole.outcome <> part.outcome as is_whole_of_its_outcome,
        partitions.adds_up_to_whole
        and (whole.part_of_id is null or outer_whole.outcome <> whole.outcome)
            as adds_up_to_whole
    from {{ ref('int_casualties_standing') }} as part
    inner join {{ ref('int_casualties_standing') }} as whole
        on part.part_of_id = whole.casualty_id
    left join partitions
        on part.part_of_id = partitions.part_of_id and part.divided_by = partitions.divided_by
    left join {{ ref('int_casualties_standing') }} as outer_whole
        on whole.part_of_id = outer_whole.casualty_id
),

counted as (
    select
        casualties.*,
        struck.n_countries_struck,
        parts.is_whole_of_its_outcome,
        coalesce(parts.adds_up_to_whole, false) as adds_up_to_whole
    from casualties
    left join struck
        on casualties.event_id = struck.event_id and casualties.nationality = struck.country
    left join parts on casualties.casualty_id = parts.casualty_id
    where casualties.report_use in ('total', 'part')
),

victim_groups as (
    {%- for victim_group in victim_groups %}
    select '{{ victim_group }}' as victim_group
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

grouped as (
    select
        counted.*,
        victim_groups.victim_group
    from counted
    cross join victim_groups
    where
        case victim_groups.victim_group
            {%- for victim_group, condition in victim_groups.items() %}
            when '{{ victim_group }}' then {{ condition }}
            {%- endfor %}
        end
),

{# A part of a report that is itself in the group is already counted in it. #}
outermost as (
    select
        grouped.*,
        grouped.victim_group = 'everyone'
        and (
            grouped.age_group <> 'not_stated'
            or grouped.sex <> 'not_stated'
            or grouped.status not in ('civilian', 'not_stated')
        ) as is_of_some_only,
        grouped.part_of_id is null
        or grouped.is_whole_of_its_outcome
        or (
            grouped.adds_up_to_whole
            and grouped.divided_by = case
                when grouped.victim_group = 'foreign_nationals' then 'nationality'
                when grouped.victim_group in ('stated_civilians', 'forces') then 'status'
                else 'age_and_sex'
            end
        ) as leaves_nobody_over
    from grouped
    left join grouped as whole
        on
            grouped.part_of_id = whole.casualty_id
            and grouped.victim_group = whole.victim_group
            and grouped.outcome = whole.outcome
    where whole.casualty_id is null
),

{# An upper bound holds for a group only where nobody is left of whom the report says nothing. #}
final as (
    select
        casualty_id,
        victim_group,
        statement_id,
        event_id,
        outcome,
        part_of_id,
        divided_by,
        is_of_some_only,
        adds_up_to_whole,
        low,
        best,
        case when leaves_nobody_over and not is_of_some_only then high end as high
    from outermost
)

select * from final
