{# What each actor did, said and suffered. What a person says in office is told of the person and, where it speaks for a state, of the state as well. #}
with

actors as (
    select * from {{ ref('dim_actors') }}
),

statements as (
    select * from {{ ref('fct_statements') }}
),

claims as (
    select * from {{ ref('fct_claims') }}
),

event_actors as (
    select * from {{ ref('fct_event_actors') }}
),

events as (
    select * from {{ ref('fct_events') }}
),

response_actors as (
    select * from {{ ref('fct_response_actors') }}
),

responses as (
    select * from {{ ref('fct_responses') }}
),

speakers as (
    select
        statement_id,
        claimant_id as actor_id
    from statements

    union distinct

    select
        statement_id,
        on_behalf_of_id as actor_id
    from statements
),

said as (
    select
        speakers.actor_id,
        count(*) as n_statements,
        count(statements.withdrawn_date) as n_statements_withdrawn,
        min(statements.said_from_date) as first_said_date,
        max(statements.said_to_date) as last_said_date
    from speakers
    inner join statements on speakers.statement_id = statements.statement_id
    group by speakers.actor_id
),

sides_taken as (
    select
        speakers.actor_id,
        count(case when {{ supports('claims.stance') }} then 1 end) as n_claims_for,
        count(case when {{ opposes('claims.stance') }} then 1 end) as n_claims_against
    from speakers
    inner join claims on speakers.statement_id = claims.statement_id
    group by speakers.actor_id
),

parts_in_events as (
    select
        event_actors.actor_id,
        {{ list_of("case when event_actors.event_role = 'attacker' then events.event end") }}
            as attacked_in,
        {{ list_of("case when event_actors.event_role = 'struck' then events.event end") }}
            as struck_in,
        {{ list_of("case when event_actors.event_role = 'victim' then events.event end") }}
            as victim_in,
        {{ list_of("case when event_actors.event_role = 'said_target' then events.event end") }}
            as said_target_of,
        {{ list_of("case when event_actors.event_role = 'accused' then events.event end") }}
            as accused_of
    from event_actors
    inner join events on event_actors.event_id = events.event_id
    group by event_actors.actor_id
),

doers as (
    select
        response_id,
        actor_id,
        response_role
    from response_actors

    union distinct

    select
        response_id,
        on_behalf_of_id as actor_id,
        response_role
    from response_actors
),

acts_done as (
    select
        doers.actor_id,
        count(case when doers.response_role = 'actor' then 1 end) as n_acts,
        count(case when doers.response_role = 'addressee' then 1 end) as n_acts_addressed_to,
        {{ list_of("case when doers.response_role = 'actor' then responses.response_kind end") }}
            as kinds_of_act
    from doers
    inner join responses on doers.response_id = responses.response_id
    group by doers.actor_id
),

final as (
    select
        actors.actor_id,
        actors.actor,
        actors.actor_kind,
        actors.country,
        actors.offices,
        coalesce(said.n_statements, 0) as n_statements,
        coalesce(said.n_statements_withdrawn, 0) as n_statements_withdrawn,
        coalesce(sides_taken.n_claims_for, 0) as n_claims_for,
        coalesce(sides_taken.n_claims_against, 0) as n_claims_against,
        said.first_said_date,
        said.last_said_date,
        coalesce(acts_done.n_acts, 0) as n_acts,
        coalesce(acts_done.n_acts_addressed_to, 0) as n_acts_addressed_to,
        acts_done.kinds_of_act,
        parts_in_events.attacked_in,
        parts_in_events.struck_in,
        parts_in_events.victim_in,
        parts_in_events.said_target_of,
        parts_in_events.accused_of
    from actors
    left join said on actors.actor_id = said.actor_id
    left join sides_taken on actors.actor_id = sides_taken.actor_id
    left join acts_done on actors.actor_id = acts_done.actor_id
    left join parts_in_events on actors.actor_id = parts_in_events.actor_id
)

select * from final
