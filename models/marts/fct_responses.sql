{# Each diplomatic or political act, with its place in CAMEO and PLOVER and the state in which it was last told to stand. #}
with

responses as (
    select * from {{ ref('stg_responses') }}
),

states as (
    select * from {{ ref('stg_response_states') }}
),

crosswalk as (
    select * from {{ ref('action_crosswalk') }}
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
        *,
        case
            when
                count(*) over (partition by response_id)
                = count(from_date) over (partition by response_id)
                then from_date
        end as latest_date
    from states
),

states_ranked as (
    select
        states.*,
        row_number() over (
            partition by states.response_id
            order by
                states.latest_date desc nulls last,
                state_order.sort_order desc
        ) as state_rank
    from states_dated as states
    inner join state_order on states.state = state_order.code
),

{# The day of an act is that on which it was done, by the narrowest report of it; where nobody tells it as done, the day of the state in which it stands. #}
days_ranked as (
    select
        states.*,
        row_number() over (
            partition by states.response_id
            order by
                states.state = 'done' desc,
                states.state in ('ordered', 'agreed') desc,
                {{ days_between('states.from_date', 'states.to_date') }} asc nulls last,
                states.local_time asc nulls last,
                state_order.sort_order desc,
                states.latest_date desc nulls last,
                {{ bytewise('states.statement_id') }} asc
        ) as day_rank
    from states_dated as states
    inner join state_order on states.state = state_order.code
),

{# The first act that undoes it, with the state in which that act stands. #}
reversals as (
    select
        responses.reverses_id as response_id,
        min(days_ranked.from_date) as reversed_from_date
    from responses
    inner join states_ranked
        on responses.response_id = states_ranked.response_id and states_ranked.state_rank = 1
    inner join days_ranked
        on responses.response_id = days_ranked.response_id and days_ranked.day_rank = 1
    where states_ranked.state = 'done'
    group by responses.reverses_id
),

statements as (
    select statement_id from {{ ref('stg_statements') }}
),

cited as (
    select * from {{ ref('int_passages_cited') }}
    where cited_table = 'responses'
),

final as (
    select
        responses.response_id,
        responses.episode_id,
        responses.kind as response_kind,
        responses.label as response,
        responses.summary,
        statements.statement_id,
        responses.location_id,
        responses.occasion,
        responses.reverses_id,
        reversals.response_id is not null as is_reversed,
        reversals.reversed_from_date,
        states_ranked.state as response_state,
        days_ranked.from_date,
        days_ranked.to_date,
        days_ranked.date_precision,
        days_ranked.local_time,
        days_ranked.utc_offset_minutes,
        {{ utc_from(
            'days_ranked.from_date',
            'days_ranked.local_time',
            'days_ranked.utc_offset_minutes'
        ) }} as from_utc,
        {{ utc_until(
            'days_ranked.to_date',
            'days_ranked.local_time',
            'days_ranked.utc_offset_minutes'
        ) }} as until_utc,
        crosswalk.cameo_code,
        crosswalk.cameo_name,
        crosswalk.goldstein,
        crosswalk.plover_event,
        crosswalk.plover_mode,
        crosswalk.rung,
        crosswalk.mapping_status,
        crosswalk.mapping_note,
        cited.passages
    from responses
    inner join cited on responses.response_id = cited.cited_id
    inner join states_ranked
        on responses.response_id = states_ranked.response_id and states_ranked.state_rank = 1
    inner join days_ranked
        on responses.response_id = days_ranked.response_id and days_ranked.day_rank = 1
    left join statements on responses.statement_id = statements.statement_id
    left join reversals on responses.response_id = reversals.response_id
    left join crosswalk on responses.kind = crosswalk.response_kind
)

select * from final
