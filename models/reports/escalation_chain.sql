{# From each event to what followed because of it: strikes and attacks said to answer or avenge it, acts upon it, acts that undo earlier acts, and members of umbrellas; with the lag and the step up or down the ladder. #}
with

events as (
    select * from {{ ref('fct_events') }}
),

event_links as (
    select * from {{ ref('fct_event_links') }}
    where link in ('in_answer_to', 'because_of', 'part_of')
),

event_roles as (
    select * from {{ ref('int_event_roles') }}
),

statements as (
    select * from {{ ref('fct_statements') }}
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

umbrellas_of_force as (
    select distinct part_of_id as event_id
    from events
    where {{ is_use_of_arms('event_kind') }}
),

events_on_rungs as (
    select
        events.*,
        case
            when
                {{ is_use_of_arms('events.event_kind') }}
                or (events.event_kind = 'series' and events.attackers is not null)
                or umbrellas_of_force.event_id is not null
                then 'force'
        end as rung
    from events
    left join umbrellas_of_force on events.event_id = umbrellas_of_force.event_id
),

{# A member leads to its umbrella and the umbrella to its members, so that what is said of all can be followed from each. #}
memberships as (
    select
        event_id,
        part_of_id as umbrella_id
    from events

    union distinct

    select
        event_id,
        linked_event_id as umbrella_id
    from event_links
    where link = 'part_of'
),

{# One row for two ties of a pair: who says that it answers says more than who says because. #}
links_drawn as (
    select
        event_links.event_id,
        event_links.linked_event_id,
        max({{ bytewise('event_links.link') }}) as link,
        {{ list_of('statements.claimant') }} as according_to
    from event_links
    inner join statements on event_links.statement_id = statements.statement_id
    where event_links.link <> 'part_of'
    group by event_links.event_id, event_links.linked_event_id

    union all

    select
        umbrella_id as event_id,
        event_id as linked_event_id,
        'part_of' as link,
        cast(null as {{ dbt.type_string() | lower }}) as according_to
    from memberships

    union all

    select
        event_id,
        umbrella_id as linked_event_id,
        'has_part' as link,
        cast(null as {{ dbt.type_string() | lower }}) as according_to
    from memberships
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
        true as is_by_a_party,
        links_drawn.according_to
    from links_drawn
    inner join events_on_rungs as answering on links_drawn.event_id = answering.event_id
    inner join events_on_rungs as answered on links_drawn.linked_event_id = answered.event_id
),

{# A joint act has a row for each responder and is told once, with all of them. #}
doers as (
    select
        acts.event_id,
        acts.act_id,
        {{ list_of('actors.actor', ', ') }} as doer,
        max(case when event_roles.actor_id is not null then 1 else 0 end) = 1 as is_by_a_party
    from {{ ref('fct_acts') }} as acts
    inner join actors on acts.responder_id = actors.actor_id
    left join event_roles
        on acts.event_id = event_roles.event_id and acts.responder_id = event_roles.actor_id
    where not acts.is_military
    group by acts.event_id, acts.act_id
),

acts_numbered as (
    select
        *,
        row_number() over (
            partition by event_id, act_id
            order by {{ bytewise('act_id') }}
        ) as responder_number
    from {{ ref('fct_acts') }}
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
        doers.doer,
        acts.from_utc,
        acts.until_utc,
        acts.from_date,
        acts.to_date,
        acts.rung,
        acts.response_state as status,
        'act_upon' as link,
        doers.is_by_a_party,
        cast(null as {{ dbt.type_string() | lower }}) as according_to
    from acts_numbered as acts
    inner join doers on acts.event_id = doers.event_id and acts.act_id = doers.act_id
    inner join events_on_rungs as answered on acts.event_id = answered.event_id
    where acts.responder_number = 1
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
        acts_answering.is_by_a_party,
        acts_answering.according_to
    from {{ ref('fct_acts') }} as acts
    inner join {{ ref('fct_acts') }} as undone on acts.reverses_id = undone.act_id
    inner join acts_answering on acts.act_id = acts_answering.to_id
),

steps as (
    select * from events_answered

    union all

    select * from acts_answering

    union all

    select * from acts_reversing
),

{# Up and down are told against the furthest that the same doer had gone before upon the same event. #}
ranked as (
    select
        steps.*,
        rungs.sort_order as rung_order,
        from_rungs.sort_order as from_rung_order,
        max(rungs.sort_order) over (
            partition by steps.from_id, steps.doer
            order by
                steps.from_utc asc nulls last,
                steps.until_utc asc nulls last,
                rungs.sort_order asc nulls last,
                {{ bytewise('steps.to_id') }} asc
            rows between unbounded preceding and 1 preceding
        ) as earlier_rung_order,
        {{ minutes_between('steps.from_item_until_utc', 'steps.from_utc') }} as minutes_low,
        {{ minutes_between('steps.from_item_from_utc', 'steps.until_utc') }} as minutes_high
    from steps
    left join rungs on steps.rung = rungs.code
    left join rungs as from_rungs on steps.from_rung = from_rungs.code
),

compared as (
    select
        *,
        case
            when link in ('reverses', 'in_answer_to', 'because_of') then from_rung_order
            when link = 'act_upon' then earlier_rung_order
        end as compared_order
    from ranked
),

final as (
    select
        from_id,
        from_item,
        from_item_date,
        link,
        to_id,
        to_item,
        to_kind,
        doer,
        is_by_a_party,
        status,
        from_date,
        to_date,
        from_rung,
        rung,
        case
            when rung_order is null then null
            when link = 'act_upon' and compared_order is null then 'first'
            when rung_order > compared_order then 'up'
            when rung_order < compared_order then 'down'
            when rung_order = compared_order then 'level'
        end as step,
        cast(
            floor(case when minutes_low < 0 then 0 else minutes_low end / 60.0) as integer
        ) as lag_hours_low,
        cast(
            ceil(case when minutes_high < 0 then 0 else minutes_high end / 60.0) as integer
        ) as lag_hours_high,
        according_to
    from compared
)

select * from final
