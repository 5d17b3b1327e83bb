{# What bounds follow from a figure and its qualifier; seeds/qualifiers.csv says which. An unknown stays unknown. #}
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
        case qualifiers.low_from
            when 'figure' then casualties.figure_low
            when 'above_figure' then casualties.figure_low + 1
            when 'one' then 1
            when 'two' then 2
        end as low,
        case
            when qualifiers.low_from = 'above_figure' then casualties.figure_low + 1
            when qualifiers.high_from = 'below_figure' then casualties.figure_high - 1
            else casualties.figure_low
        end as best,
        case qualifiers.high_from
            when 'figure' then casualties.figure_high
            when 'below_figure' then casualties.figure_high - 1
        end as high
    from casualties
    inner join qualifiers on casualties.qualifier = qualifiers.code
)

select * from bounded
