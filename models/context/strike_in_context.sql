{# How unusual a strike of the record was: what a dataset that was imported tells of the same surroundings over the year and the decade before. A dataset that tells nothing of the country or of the time is no witness of peace: what it does not cover is unknown. #}
with

episodes as (
    select * from {{ ref('episodes') }}
),

events as (
    select * from {{ ref('fct_events') }}
    where {{ is_use_of_arms('event_kind') }} and from_date is not null
),

locations as (
    select * from {{ ref('dim_locations') }}
),

{# One row of both for an event: two joins would take twice the room. #}
killed as (
    select
        event_id,
        max(case when victim_group = 'everyone' then best end) as best,
        max(case when victim_group = 'stated_civilians' then low end) as civilians_low,
        max(case when victim_group = 'stated_civilians' then best end) as civilians_best,
        max(case when victim_group = 'stated_civilians' then high end) as civilians_high
    from {{ ref('int_harm_estimates') }}
    where outcome = 'killed' and victim_group in ('everyone', 'stated_civilians')
    group by event_id
),

strikes as (
    select
        events.event_id,
        events.event,
        events.from_date,
        killed.best as killed_best
    from {{ ref('fct_events') }} as events
    inner join episodes on events.episode_id = episodes.episode_id
    left join killed on events.event_id = killed.event_id
    where events.event_kind = 'strike' and events.from_date is not null
),

{# Of several places that as many witnesses give each counts; where a map would draw it. #}
strike_places as (
    select distinct
        strikes.event_id,
        places.country,
        places.admin1_pcode,
        drawn.latitude,
        drawn.longitude
    from strikes
    inner join {{ ref('int_event_values_ranked') }} as event_values
        on
            strikes.event_id = event_values.event_id
            and event_values.topic = 'place'
            and event_values.is_in_front
    inner join locations as places on event_values.value_location_id = places.location_id
    left join locations as drawn on places.drawn_at_id = drawn.location_id
),

countries_struck as (
    select distinct
        event_id,
        country
    from strike_places
),

{# The events of the datasets, each with its place and its dead. #}
dataset_events as (
    select
        events.episode_id,
        events.event_id,
        events.from_date,
        locations.country,
        locations.admin1_pcode,
        locations.latitude,
        locations.longitude,
        killed.best as killed_best,
        killed.civilians_low,
        killed.civilians_best,
        killed.civilians_high
    from events
    left join episodes on events.episode_id = episodes.episode_id
    left join locations on events.location_id = locations.location_id
    left join killed on events.event_id = killed.event_id
    where episodes.episode_id is null
),

covered as (
    select
        episode_id,
        country,
        min(from_date) as covered_from_date,
        max(from_date) as covered_to_date
    from dataset_events
    group by episode_id, country
),

{# From the nearest of its places; a place without coordinates may still lie in the same area. #}
events_before as (
    select
        strikes.event_id as strike_id,
        strikes.killed_best as strike_killed_best,
        theirs.episode_id,
        theirs.event_id,
        {{ days_between('theirs.from_date', 'strikes.from_date') }} as days_before,
        min({{ km_between('strike_places', 'theirs') }}) as km,
        max(case when strike_places.admin1_pcode = theirs.admin1_pcode then 1 else 0 end) = 1
            as is_in_same_admin1,
        theirs.killed_best,
        theirs.civilians_low,
        theirs.civilians_best,
        theirs.civilians_high
    from strikes
    inner join strike_places on strikes.event_id = strike_places.event_id
    inner join dataset_events as theirs
        on
            strikes.from_date > theirs.from_date
            and (
                strike_places.admin1_pcode = theirs.admin1_pcode
                or theirs.latitude
                between strike_places.latitude - 2 and strike_places.latitude + 2
            )
    where {{ days_between('theirs.from_date', 'strikes.from_date') }} <= 3653
    group by
        strikes.event_id,
        strikes.from_date,
        strikes.killed_best,
        theirs.episode_id,
        theirs.event_id,
        theirs.from_date,
        theirs.killed_best,
        theirs.civilians_low,
        theirs.civilians_best,
        theirs.civilians_high
),

areas as (
    select
        'within 50 km' as area,
        1 as area_order

    union all

    select
        'within 200 km' as area,
        2 as area_order

    union all

    select
        'same admin-1' as area,
        3 as area_order
),

periods as (
    select
        'year before' as period,
        365 as n_days

    union all

    select
        'decade before' as period,
        3653 as n_days
),

counted as (
    select
        events_before.strike_id,
        events_before.episode_id,
        areas.area,
        periods.period,
        count(*) as n_events,
        count(events_before.killed_best) as n_events_with_figure,
        count(case when events_before.killed_best < events_before.strike_killed_best then 1 end)
            as n_events_with_fewer_killed,
        cast(sum(events_before.civilians_low) as bigint) as civilians_killed_low,
        cast(sum(events_before.civilians_best) as bigint) as civilians_killed_best,
        case
            when count(events_before.civilians_high) = count(*)
                then cast(sum(events_before.civilians_high) as bigint)
        end as civilians_killed_high,
        count(case when events_before.civilians_best is null then 1 end)
            as n_without_civilian_figure
    from events_before
    inner join periods on events_before.days_before <= periods.n_days
    inner join areas
        on
            (areas.area = 'within 50 km' and events_before.km <= 50)
            or (areas.area = 'within 200 km' and events_before.km <= 200)
            or (areas.area = 'same admin-1' and events_before.is_in_same_admin1)
    group by events_before.strike_id, events_before.episode_id, areas.area, periods.period
),

{# The same hand on the same soil: who attacked or took part in both, and whose territory it was. #}
comparable_ranked as (
    select
        strikes.event_id as strike_id,
        theirs.episode_id,
        theirs.event_id,
        theirs.from_date,
        theirs.killed_best,
        row_number() over (
            partition by strikes.event_id, theirs.episode_id
            order by theirs.from_date desc, {{ bytewise('theirs.event_id') }} asc
        ) as place
    from strikes
    inner join {{ ref('fct_event_actors') }} as hands
        on strikes.event_id = hands.event_id and hands.event_role in ('attacker', 'participant')
    inner join {{ ref('fct_event_actors') }} as soils
        on strikes.event_id = soils.event_id and soils.event_role in ('struck', 'on_soil_of')
    inner join {{ ref('fct_event_actors') }} as their_hands
        on
            hands.actor_id = their_hands.actor_id
            and their_hands.event_role in ('attacker', 'participant')
    inner join {{ ref('fct_event_actors') }} as their_soils
        on
            their_hands.event_id = their_soils.event_id
            and soils.actor_id = their_soils.actor_id
            and their_soils.event_role in ('struck', 'on_soil_of')
    inner join dataset_events as theirs
        on their_hands.event_id = theirs.event_id and strikes.from_date > theirs.from_date
),

{# Only where the dataset tells of the country at all; the strike may lie in one only. #}
cells as (
    select
        strikes.event_id as strike_id,
        strikes.event,
        strikes.from_date,
        strikes.killed_best,
        covered.episode_id,
        covered.covered_from_date,
        covered.covered_to_date,
        areas.area,
        areas.area_order,
        periods.period,
        periods.n_days,
        case
            when
                {{ days_between('covered.covered_from_date', 'strikes.from_date') }}
                < periods.n_days
                then {{ days_between('covered.covered_from_date', 'strikes.from_date') }}
            else periods.n_days
        end
        - case
            when covered.covered_to_date < strikes.from_date
                then {{ days_between('covered.covered_to_date', 'strikes.from_date') }} - 1
            else 0
        end as n_days_overlapping
    from strikes
    inner join countries_struck on strikes.event_id = countries_struck.event_id
    inner join covered on countries_struck.country = covered.country
    cross join areas
    cross join periods
),

final as (
    select
        cells.strike_id as event_id,
        cells.event,
        cells.from_date,
        cells.episode_id as dataset_id,
        cells.area,
        cells.area_order,
        cells.period,
        cells.covered_from_date,
        cells.covered_to_date,
        case
            when cells.n_days_overlapping > 0 then cast(cells.n_days_overlapping as integer)
            else 0
        end as n_days_covered,
        cells.n_days as n_days_in_period,
        case when cells.n_days_overlapping > 0 then coalesce(counted.n_events, 0) end as n_events,
        counted.civilians_killed_low,
        counted.civilians_killed_best,
        counted.civilians_killed_high,
        counted.n_without_civilian_figure,
        cells.killed_best,
        counted.n_events_with_figure,
        case
            when cells.killed_best is not null and counted.n_events_with_figure > 0
                then cast(
                    100.0 * counted.n_events_with_fewer_killed / counted.n_events_with_figure
                    as numeric(4, 1)
                )
        end as percentile_of_killed,
        comparable_ranked.event_id as last_comparable_event_id,
        comparable.event as last_comparable_event,
        comparable_ranked.from_date as last_comparable_date,
        comparable_ranked.killed_best as last_comparable_killed_best
    from cells
    left join counted
        on
            cells.strike_id = counted.strike_id
            and cells.episode_id = counted.episode_id
            and cells.area = counted.area
            and cells.period = counted.period
    left join comparable_ranked
        on
            cells.strike_id = comparable_ranked.strike_id
            and cells.episode_id = comparable_ranked.episode_id
            and comparable_ranked.place = 1
    left join {{ ref('fct_events') }} as comparable
        on comparable_ranked.event_id = comparable.event_id
)

select * from final
