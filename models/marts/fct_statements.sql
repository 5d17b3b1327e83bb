{# Each statement with its claimant, the office spoken in, and every passage in which it is met. #}
with

statements as (
    select * from {{ ref('stg_statements') }}
),

witnesses as (
    select * from {{ ref('int_statement_witnesses') }}
),

actors as (
    select * from {{ ref('stg_actors') }}
),

relations as (
    select * from {{ ref('stg_actor_relations') }}
),

addressees as (
    select
        statement_addressees.statement_id,
        {{ list_of('actors.name', ', ') }} as addressees
    from {{ ref('stg_statement_addressees') }} as statement_addressees
    inner join actors on statement_addressees.addressee_id = actors.actor_id
    group by statement_addressees.statement_id
),

cited as (
    select * from {{ ref('int_passages_cited') }}
    where cited_table = 'statements'
),

final as (
    select
        statements.statement_id,
        statements.episode_id,
        statements.claimant_id,
        claimants.name as claimant,
        relations.title as claimant_office,
        statements.on_behalf_of_id,
        witnesses.witness_id,
        speakers.name as witness,
        statements.relayed_by_id,
        relayers.name as relayed_by,
        statements.attribution,
        statements.form,
        addressees.addressees,
        outlets.name as outlet,
        statements.occasion,
        statements.said_from_date,
        statements.said_to_date,
        statements.said_date_precision,
        statements.said_time,
        statements.said_utc_offset_minutes,
        statements.summary,
        statements.quoted_wording,
        statements.withdrawn_date,
        statements.supersedes_id,
        cited.passages,
        cited.n_sources
    from statements
    inner join actors as claimants on statements.claimant_id = claimants.actor_id
    inner join cited on statements.statement_id = cited.cited_id
    inner join witnesses on statements.statement_id = witnesses.statement_id
    left join actors as speakers on witnesses.witness_id = speakers.actor_id
    left join addressees on statements.statement_id = addressees.statement_id
    left join relations on statements.claimant_office_id = relations.relation_id
    left join actors as relayers on statements.relayed_by_id = relayers.actor_id
    left join actors as outlets on statements.outlet_id = outlets.actor_id
)

select * from final
