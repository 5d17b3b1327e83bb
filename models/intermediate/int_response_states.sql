{# The state in which an act was last told to stand, and the day on which it was done. #}
with

states as (
    select * from {{ ref('stg_response_states') }}
),

state_order as (
    select
        code,
        sort_order
    from {{ ref('codes') }}
    where code_list = 'response_state_kinds'
),

{# Where a state has no date the dates tell no order, and the further state counts as the later. #}
states_dated as (
    select
        states.*,
        state_order.sort_order,
        case
            when
                count(*) over (partition by states.response_id)
                = count(states.from_date) over (partition by states.response_id)
                then states.from_date
        end as latest_date
    from states
    inner join state_order on states.state = state_order.code
),

{# The day of an act is that on which it was done, by the narrowest report of it; where nobody tells it as done, the day of the state in which it stands. #}
states_ranked as (
    select
        response_id,
        state,
        from_date,
        to_date,
        date_precision,
        local_time,
        utc_offset_minutes,
        row_number() over (
            partition by response_id
            order by
                latest_date desc nulls last,
                sort_order desc
        ) as state_rank,
        row_number() over (
            partition by response_id
            order by
                state = 'done' desc,
                state in ('ordered', 'agreed') desc,
                {{ days_between('from_date', 'to_date') }} asc nulls last,
                local_time asc nulls last,
                sort_order desc,
                latest_date desc nulls last,
                {{ bytewise('statement_id') }} asc
        ) as day_rank
    from states_dated
),

final as (
    select
        response_id,
        max(case when state_rank = 1 then state end) as response_state,
        max(case when day_rank = 1 then from_date end) as from_date,
        max(case when day_rank = 1 then to_date end) as to_date,
        max(case when day_rank = 1 then date_precision end) as date_precision,
        max(case when day_rank = 1 then local_time end) as local_time,
        max(case when day_rank = 1 then utc_offset_minutes end) as utc_offset_minutes
    from states_ranked
    group by response_id
)

select * from final
