{# Day, hour and place of an event are what is said of them. The value that most witnesses hold comes first, or where nobody witnesses any, most claimants; among equals the narrower date, then the earlier; of places that lie in one another the finest. An umbrella event has all places of its parts. #}
with

propositions as (
    select * from {{ ref('stg_propositions') }}
),

claims as (
    select * from {{ ref('stg_claims') }}
),

statements as (
    select * from {{ ref('stg_statements') }}
),

witnesses as (
    select * from {{ ref('int_statement_witnesses') }}
),

events as (
    select * from {{ ref('stg_events') }}
),

ancestors as (
    select * from {{ ref('int_location_ancestors') }}
),

supporters as (
    select
        claims.target_id as proposition_id,
        count(distinct witnesses.witness_id) as n_witnesses,
        count(distinct statements.claimant_id) as n_claimants
    from claims
    inner join statements on claims.statement_id = statements.statement_id
    inner join witnesses on claims.statement_id = witnesses.statement_id
    where
        claims.target_table = 'propositions'
        and {{ supports('claims.stance') }}
        and statements.withdrawn_date is null
    group by claims.target_id
),

held as (
    select
        propositions.proposition_id,
        propositions.event_id,
        propositions.topic,
        propositions.value_from_date,
        propositions.value_to_date,
        propositions.value_date_precision,
        propositions.value_date_basis,
        propositions.value_from_time,
        propositions.value_to_time,
        propositions.value_utc_offset_minutes,
        {{ utc_from(
            'propositions.value_from_date',
            'propositions.value_from_time',
            'propositions.value_utc_offset_minutes'
        ) }} as value_from_utc,
        propositions.value_location_id,
        supporters.n_witnesses,
        supporters.n_claimants
    from propositions
    inner join supporters on propositions.proposition_id = supporters.proposition_id
    where propositions.topic in ('date', 'time', 'place')
),

{# A city and its province do not compete: whoever names the finer place names the wider too. #}
wider_places as (
    select distinct wider.proposition_id
    from held as wider
    inner join held as finer on wider.event_id = finer.event_id
    inner join ancestors
        on
            wider.value_location_id = ancestors.ancestor_id
            and finer.value_location_id = ancestors.location_id
),

compared as (
    select
        held.*,
        events.kind = 'series' as is_umbrella,
        wider_places.proposition_id is not null as is_wider_place
    from held
    inner join events on held.event_id = events.event_id
    left join wider_places on held.proposition_id = wider_places.proposition_id
),

ranked as (
    select
        *,
        count(*) over (partition by event_id, topic) as n_values,
        rank() over (
            partition by event_id, topic
            order by
                is_wider_place asc,
                case when is_umbrella then 0 else n_witnesses end desc,
                case when is_umbrella or n_witnesses > 0 then 0 else n_claimants end desc
        ) = 1 as is_in_front,
        row_number() over (
            partition by event_id, topic
            order by
                is_wider_place asc,
                topic = 'time' and value_from_time is null asc,
                n_witnesses desc,
                case when n_witnesses > 0 then 0 else n_claimants end desc,
                {{ days_between('value_from_date', 'value_to_date') }} asc nulls last,
                value_from_date asc nulls last,
                value_from_utc asc nulls last,
                {{ bytewise('proposition_id') }} asc
        ) as value_rank
    from compared
)

select * from ranked
