{# Each figure of people hurt with the bounds that follow from its qualifier. #}
with

casualties as (
    select * from {{ ref('stg_casualties') }}
),

qualifiers as (
    select * from {{ ref('qualifiers') }}
),

bounded as (
    select
        casualties.*,
        {{ bounds_of(
            'casualties', best='coalesce(casualties.figure_best, casualties.figure_low)'
        ) }}
    from casualties
    inner join qualifiers on casualties.qualifier = qualifiers.code
)

select * from bounded
