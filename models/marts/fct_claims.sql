{# Who takes which stance on what. A stance on a proposition carries the proposition and its event. #}
with

claims as (
    select * from {{ ref('stg_claims') }}
),

statements as (
    select * from {{ ref('fct_statements') }}
),

propositions as (
    select * from {{ ref('fct_propositions') }}
),

passages as (
    select * from {{ ref('stg_passages') }}
),

final as (
    select
        claims.statement_id,
        claims.target_table,
        claims.target_id,
        claims.stance,
        claims.certainty,
        claims.relay_distance,
        statements.claimant_id,
        statements.claimant,
        statements.witness_id,
        statements.said_from_date,
        statements.said_to_date,
        statements.withdrawn_date,
        coalesce({{ worded_passage('passages') }}, statements.passages) as passages,
        propositions.proposition_id,
        propositions.event_id,
        propositions.topic,
        propositions.proposition_kind,
        propositions.proposition,
        propositions.rival_group
    from claims
    inner join statements on claims.statement_id = statements.statement_id
    left join passages on claims.passage_id = passages.passage_id
    left join propositions
        on claims.target_id = propositions.proposition_id and claims.target_table = 'propositions'
)

select * from final
