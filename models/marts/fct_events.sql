{# Day, hour and place come out of what is said of the event: the value that int_event_values_ranked puts first. Between places that as many witnesses give nothing is chosen: an event may have several. #}
with

events as (
    select * from {{ ref('stg_events') }}
),

event_values as (
    select * from {{ ref('int_event_values_ranked') }}
),

dates as (
    select * from event_values
    where topic = 'date' and value_rank = 1
),

times as (
    select * from event_values
    where topic = 'time' and value_rank = 1 and value_from_time is not null
),

places as (
    select
        event_values.event_id,
        {{ list_of('locations.name') }} as places,
        case when count(*) = 1 then max(event_values.value_location_id) end as location_id,
        max(event_values.n_values) as n_values
    from event_values
    inner join {{ ref('stg_locations') }} as locations
        on event_values.value_location_id = locations.location_id
    where event_values.topic = 'place' and event_values.is_in_front
    group by event_values.event_id
),

event_actors as (
    select
        event_actors.event_id,
        event_actors.role,
        actors.name
    from {{ ref('stg_event_actors') }} as event_actors
    inner join {{ ref('stg_actors') }} as actors on event_actors.actor_id = actors.actor_id
),

parties as (
    select
        event_id,
        {{ list_of("case when role = 'attacker' then name end") }} as attackers,
        {{ list_of("case when role = 'struck' then name end") }} as struck
    from event_actors
    group by event_id
),

cited as (
    select * from {{ ref('int_passages_cited') }}
    where cited_table = 'events'
),

{# An umbrella lasts from its first member to its last, whatever rougher days are given for it. #}
members_dated as (
    select
        events.part_of_id as event_id,
        min(dates.value_from_date) as value_from_date,
        max(dates.value_to_date) as value_to_date
    from events
    inner join dates on events.event_id = dates.event_id
    group by events.part_of_id
),

final as (
    select
        events.event_id,
        events.episode_id,
        events.kind as event_kind,
        events.status as event_status,
        events.label as event,
        events.summary,
        events.part_of_id,
        parties.attackers,
        parties.struck,
        coalesce(members_dated.value_from_date, dates.value_from_date) as from_date,
        coalesce(members_dated.value_to_date, dates.value_to_date) as to_date,
        case
            when members_dated.event_id is null then dates.value_date_precision
            when members_dated.value_from_date = members_dated.value_to_date then 'day'
            else 'bounded'
        end as date_precision,
        case
            when members_dated.event_id is null then dates.value_date_basis
            else 'inferred'
        end as date_basis,
        coalesce(dates.n_values, 0) as n_dates_reported,
        times.value_from_time as local_from_time,
        times.value_to_time as local_to_time,
        times.value_utc_offset_minutes as utc_offset_minutes,
        coalesce(times.n_values, 0) as n_times_reported,
        coalesce(
            {{ utc_from(
                'times.value_from_date', 'times.value_from_time', 'times.value_utc_offset_minutes'
            ) }},
            cast(members_dated.value_from_date as timestamp),
            {{ utc_from(
                'dates.value_from_date', 'dates.value_from_time', 'dates.value_utc_offset_minutes'
            ) }}
        ) as from_utc,
        coalesce(
            {{ utc_until(
                'times.value_to_date', 'times.value_to_time', 'times.value_utc_offset_minutes'
            ) }},
            {{ plus_minutes('cast(members_dated.value_to_date as timestamp)', '1440') }},
            {{ utc_until(
                'dates.value_to_date', 'dates.value_to_time', 'dates.value_utc_offset_minutes'
            ) }}
        ) as until_utc,
        places.places,
        places.location_id,
        coalesce(places.n_values, 0) as n_places_reported,
        cited.passages
    from events
    left join cited on events.event_id = cited.cited_id
    left join parties on events.event_id = parties.event_id
    left join dates on events.event_id = dates.event_id
    left join members_dated on events.event_id = members_dated.event_id
    left join times on events.event_id = times.event_id
    left join places on events.event_id = places.event_id
)

select * from final
