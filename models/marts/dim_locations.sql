with

locations as (
    select * from {{ ref('stg_locations') }}
),

countries as (
    select * from {{ ref('countries') }}
),

pcodes as (
    select * from {{ ref('pcodes') }}
),

other_names as (
    select
        named_id as location_id,
        {{ list_of('name') }} as other_names
    from {{ ref('stg_names') }}
    where named_table = 'locations'
    group by named_id
),

drawn as (
    select * from {{ ref('int_locations_drawn') }}
),

final as (
    select
        locations.location_id,
        locations.name as location,
        locations.kind as location_kind,
        other_names.other_names,
        locations.country,
        countries.label as country_label,
        locations.admin1_pcode,
        first_level.name as admin1,
        locations.admin2_pcode,
        second_level.name as admin2,
        locations.part_of_id,
        locations.latitude,
        locations.longitude,
        locations.coordinate_precision,
        drawn.drawn_at_id,
        drawn.drawn_basis,
        locations.passage_id
    from locations
    left join countries on locations.country = countries.iso3
    left join pcodes as first_level on locations.admin1_pcode = first_level.pcode
    left join other_names on locations.location_id = other_names.location_id
    left join drawn on locations.location_id = drawn.location_id
    left join pcodes as second_level on locations.admin2_pcode = second_level.pcode
)

select * from final
