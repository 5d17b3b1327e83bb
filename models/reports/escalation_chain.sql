{# From each event to what followed because of it: strikes and attacks said to answer or avenge it, acts upon it, and acts that undo earlier acts; with the lag and the step up or down the ladder. #}
with

events as (
    select * from {{ ref('fct_events') }}
),

event_links as (
    select * from {{ ref('fct_event_links') }}
    where link in ('in_answer_to', 'because_of')
),

statements as (
    select * from {{ ref('fct_statements') }}
),

acts as (
    select * from {{ ref('fct_acts') }}
    where not is_military
),

actors as (
    select * from {{ ref('dim_actors') }}
),

rungs as (
    select
        code,
        sort_order
    from {{ ref('codes') }}
    where code_list = 'rungs'
),

events_on_rungs as (
    select
        *,
        case
            when
                event_kind in ('strike', 'attack', 'killing', 'bombardment', 'war')
                or (event_kind = 'series' and attackers is not null)
                then 'force'
        end as rung
    from events
),

links_drawn as (
    select
        event_links.event_id,
        event_links.linked_event_id,
        min({{ bytewise('event_links.link') }}) as link,
        {{ list_of('statements.claimant') }} as according_to
    from event_links
    inner join statements on event_links.statement_id = statements.statement_id
    group by event_links.event_id, event_links.linked_event_id
),

events_answered as (
    select
        links_drawn.linked_event_id as from_id,
        answered.event as from_item,
        answered.from_utc as from_item_from_utc,
        answered.until_utc as from_item_until_utc,
        answered.from_date as from_item_date,
        answered.rung as from_rung,
        links_drawn.event_id as to_id,
        answering.event as to_item,
        answering.event_kind as to_kind,
        answering.attackers as doer,
        answering.from_utc,
        answering.until_utc,
        answering.from_date,
        answering.to_date,
        answering.rung,
        answering.event_status as status,
        links_drawn.link,
        links_drawn.according_to
    from links_drawn
    inner join events_on_rungs as answering on links_drawn.event_id = answering.event_id
    inner join events_on_rungs as answered on links_drawn.linked_event_id = answered.event_id
),

acts_answering as (
    select
        answered.event_id as from_id,
        answered.event as from_item,
        answered.from_utc as from_item_from_utc,
        answered.until_utc as from_item_until_utc,
        answered.from_date as from_item_date,
        answered.rung as from_rung,
        acts.act_id as to_id,
        acts.act as to_item,
        acts.response_kind as to_kind,
        {{ list_of('actors.actor', ', ') }} as doer,
        acts.from_utc,
        acts.until_utc,
        acts.from_date,
        acts.to_date,
        acts.rung,
        acts.response_state as status,
        'act_upon' as link,
        cast(null as {{ dbt.type_string() | lower }}) as according_to
    from acts
    inner join events_on_rungs as answered on acts.event_id = answered.event_id
    inner join actors on acts.responder_id = actors.actor_id
    group by
        answered.event_id,
        answered.event,
        answered.from_utc,
        answered.until_utc,
        answered.from_date,
        answered.rung,
        acts.act_id,
        acts.act,
        acts.response_kind,
        acts.from_utc,
        acts.until_utc,
        acts.from_date,
        acts.to_date,
        acts.rung,
        acts.response_state
),

acts_once as (
    select
        act_id,
        max(act) as act,
        max(from_utc) as from_utc,
        max(until_utc) as until_utc,
        max(from_date) as from_date,
        max(rung) as rung
    from acts
    group by act_id
),

acts_reversing as (
    select distinct
        undone.act_id as from_id,
        undone.act as from_item,
        undone.from_utc as from_item_from_utc,
        undone.until_utc as from_item_until_utc,
        undone.from_date as from_item_date,
        undone.rung as from_rung,
        acts_answering.to_id,
        acts_answering.to_item,
        acts_answering.to_kind,
        acts_answering.doer,
        acts_answering.from_utc,
        acts_answering.until_utc,
        acts_answering.from_date,
        acts_answering.to_date,
        acts_answering.rung,
        acts_answering.status,
        'reverses' as link,
        acts_answering.according_to
    from acts
    inner join acts_once as undone on acts.reverses_id = undone.act_id
    inner join acts_answering on acts.act_id = acts_answering.to_id
),

steps as (
    select * from events_answered

    union all

    select * from acts_answering

    union all

    select * from acts_reversing
),

lags as (
    select
        *,
        {{ minutes_between('from_item_until_utc', 'from_utc') }} as minutes_low,
        {{ minutes_between('from_item_from_utc', 'until_utc') }} as minutes_high
    from steps
),

final as (
    select
        lags.from_id,
        lags.from_item,
        lags.from_item_date,
        lags.link,
        lags.to_id,
        lags.to_item,
        lags.to_kind,
        lags.doer,
        lags.status,
        lags.from_date,
        lags.to_date,
        lags.from_rung,
        lags.rung,
        case
            when rungs.sort_order > from_rungs.sort_order then 'up'
            when rungs.sort_order < from_rungs.sort_order then 'down'
            when rungs.sort_order = from_rungs.sort_order then 'level'
        end as step,
        cast(
            floor(case when lags.minutes_low < 0 then 0 else lags.minutes_low end / 60.0)
            as integer
        ) as lag_hours_low,
        cast(ceil(lags.minutes_high / 60.0) as integer) as lag_hours_high,
        lags.according_to
    from lags
    left join rungs on lags.rung = rungs.code
    left join rungs as from_rungs on lags.from_rung = from_rungs.code
)

select * from final
