{# Every place with every larger place it lies in, up to four steps up: a site, its city, district, province and country. #}
with

locations as (
    select
        location_id,
        part_of_id
    from {{ ref('stg_locations') }}
),

one_step as (
    select
        location_id,
        part_of_id as ancestor_id
    from locations
    where part_of_id is not null
),

two_steps as (
    select
        one_step.location_id,
        locations.part_of_id as ancestor_id
    from one_step
    inner join locations on one_step.ancestor_id = locations.location_id
    where locations.part_of_id is not null
),

up_to_two_steps as (
    select
        location_id,
        ancestor_id
    from one_step

    union distinct

    select
        location_id,
        ancestor_id
    from two_steps
),

up_to_four_steps as (
    select
        location_id,
        ancestor_id
    from up_to_two_steps

    union distinct

    select
        nearer.location_id,
        further.ancestor_id
    from up_to_two_steps as nearer
    inner join up_to_two_steps as further on nearer.ancestor_id = further.location_id
)

select * from up_to_four_steps
