{# Each diplomatic or political act, with its place in CAMEO and PLOVER and the state in which it was last told to stand. #}
with

responses as (
    select * from {{ ref('stg_responses') }}
),

standing as (
    select * from {{ ref('int_response_states') }}
),

crosswalk as (
    select * from {{ ref('action_crosswalk') }}
),

{# The first act that undoes it, with the state in which that act stands. #}
reversals as (
    select
        responses.reverses_id as response_id,
        min(standing.from_date) as reversed_from_date
    from responses
    inner join standing on responses.response_id = standing.response_id
    where standing.response_state = 'done'
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
        standing.response_state,
        standing.from_date,
        standing.to_date,
        standing.date_precision,
        standing.local_time,
        standing.utc_offset_minutes,
        {{ utc_from(
            'standing.from_date',
            'standing.local_time',
            'standing.utc_offset_minutes'
        ) }} as from_utc,
        {{ utc_until(
            'standing.to_date',
            'standing.local_time',
            'standing.utc_offset_minutes'
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
    inner join standing on responses.response_id = standing.response_id
    left join statements on responses.statement_id = statements.statement_id
    left join reversals on responses.response_id = reversals.response_id
    left join crosswalk on responses.kind = crosswalk.response_kind
)

select * from final
