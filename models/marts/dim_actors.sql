with

actors as (
    select * from {{ ref('stg_actors') }}
),

relations as (
    select * from {{ ref('stg_actor_relations') }}
),

countries as (
    select * from {{ ref('countries') }}
),

parents as (
    select
        actor_id,
        min({{ bytewise('other_actor_id') }}) as parent_id
    from relations
    where kind = 'part_of' and standing <> 'former'
    group by actor_id
),

offices_worded as (
    select
        relations.actor_id,
        concat_ws(
            '',
            relations.title,
            ', ',
            institutions.name,
            case
                when relations.standing in ('former', 'acting')
                    then concat(' (', relations.standing, ')')
            end
        ) as office
    from relations
    inner join actors as institutions on relations.other_actor_id = institutions.actor_id
    where relations.kind = 'holds_office'
),

offices as (
    select
        actor_id,
        {{ list_of('office') }} as offices
    from offices_worded
    group by actor_id
),

other_names as (
    select
        named_id as actor_id,
        {{ list_of('name') }} as other_names
    from {{ ref('stg_names') }}
    where named_table = 'actors'
    group by named_id
),

final as (
    select
        actors.actor_id,
        actors.name as actor,
        actors.kind as actor_kind,
        actors.country,
        countries.label as country_label,
        parents.parent_id,
        offices.offices,
        other_names.other_names,
        actors.description,
        actors.passage_id
    from actors
    left join countries on actors.country = countries.iso3
    left join parents on actors.actor_id = parents.actor_id
    left join offices on actors.actor_id = offices.actor_id
    left join other_names on actors.actor_id = other_names.actor_id
)

select * from final
