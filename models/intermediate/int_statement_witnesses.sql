{# Whose word a statement is. Ten papers that print one report are one witness, and so are all who speak for one state; a text that only draws on others is none. #}
with

statements as (
    select * from {{ ref('stg_statements') }}
),

citations as (
    select * from {{ ref('stg_citations') }}
    where cited_table = 'statements'
),

passages as (
    select * from {{ ref('stg_passages') }}
),

sources as (
    select * from {{ ref('stg_sources') }}
),

actors as (
    select * from {{ ref('stg_actors') }}
),

renderings as (
    select
        statements.statement_id,
        citations.role,
        citations.fidelity,
        {{ second_hand('sources.proximity') }} as is_second_hand,
        case
            when statements.claimant_id in (sources.publisher_id, sources.author_id) then 1
            else 0
        end as is_own_voice
    from statements
    inner join citations on statements.statement_id = citations.cited_id
    inner join passages on citations.passage_id = passages.passage_id
    inner join sources on passages.source_id = sources.source_id
),

{# Its own document tells whether the claimant was there; who quotes a digest makes it no witness. #}
cited as (
    select
        statement_id,
        max(
            case
                when role = 'interprets' then 0
                when is_own_voice = 1 and is_second_hand then 0
                when is_own_voice = 0 and is_in_own_document = 1 then 0
                else 1
            end
        ) = 1 as is_testimony,
        min(case when fidelity in ('misprint', 'mistranslation') then 1 else 0 end) = 1
            as is_misrendered
    from (
        select
            *,
            max(is_own_voice) over (partition by statement_id) as is_in_own_document
        from renderings
    ) as renderings_compared
    group by statement_id
),

final as (
    select
        statements.statement_id,
        case
            when cited.is_testimony and statements.attribution <> 'impersonal'
                then coalesce(statements.on_behalf_of_id, statements.claimant_id)
        end as witness_id,
        statements.attribution in ('named', 'collective')
        and actors.kind in (
            'state',
            'government',
            'autonomous_region',
            'body_of_states',
            'ministry',
            'parliament',
            'state_body',
            'armed_force',
            'intelligence_service'
        ) as is_official,
        cited.is_misrendered
    from statements
    inner join cited on statements.statement_id = cited.statement_id
    inner join actors
        on coalesce(statements.on_behalf_of_id, statements.claimant_id) = actors.actor_id
)

select * from final
