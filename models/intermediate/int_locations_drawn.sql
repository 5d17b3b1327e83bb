{# Where a map draws a place: at its own coordinates; else at the nearest place around it that has some; else at the one city of its second-level area that does. Nothing is invented: what none of these tells is not drawn. #}
with

locations as (
    select
        location_id,
        kind,
        admin2_pcode,
        latitude
    from {{ ref('stg_locations') }}
),

ancestors as (
    select * from {{ ref('int_location_ancestors') }}
),

located as (
    select * from locations
    where latitude is not null
),

located_ancestors as (
    select
        ancestors.location_id,
        ancestors.ancestor_id
    from ancestors
    inner join located on ancestors.ancestor_id = located.location_id
),

behind_a_nearer_one as (
    select
        nearer.location_id,
        further.ancestor_id
    from located_ancestors as nearer
    inner join ancestors as further on nearer.ancestor_id = further.location_id
),

nearest as (
    select
        located_ancestors.location_id,
        located_ancestors.ancestor_id
    from located_ancestors
    left join behind_a_nearer_one
        on
            located_ancestors.location_id = behind_a_nearer_one.location_id
            and located_ancestors.ancestor_id = behind_a_nearer_one.ancestor_id
    where behind_a_nearer_one.ancestor_id is null
),

cities as (
    select
        location_id,
        admin2_pcode,
        count(*) over (partition by admin2_pcode) as n_cities
    from located
    where kind = 'city'
),

final as (
    select
        locations.location_id,
        coalesce(located.location_id, nearest.ancestor_id, cities.location_id) as drawn_at_id,
        case
            when located.location_id is not null then 'own'
            when nearest.ancestor_id is not null then 'around'
            else 'same_area'
        end as drawn_basis
    from locations
    left join located on locations.location_id = located.location_id
    left join nearest on locations.location_id = nearest.location_id
    left join cities on locations.admin2_pcode = cities.admin2_pcode and cities.n_cities = 1
    where coalesce(located.location_id, nearest.ancestor_id, cities.location_id) is not null
)

select * from final
