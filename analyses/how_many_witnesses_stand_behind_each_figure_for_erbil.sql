{# How many were killed in Erbil according to how many independent witnesses, and in how many documents does each figure stand? #}
select
    casualties.best as killed,
    casualties.qualifier,
    count(distinct statements.witness_id) as n_witnesses,
    count(distinct statements.claimant_id) as n_claimants,
    count(distinct citations.source_id) as n_sources
from {{ ref('fct_casualties') }} as casualties
inner join {{ ref('fct_statements') }} as statements
    on casualties.statement_id = statements.statement_id
inner join {{ ref('fct_citations') }} as citations
    on statements.statement_id = citations.cited_id and citations.cited_table = 'statements'
where
    casualties.event_id = 'evt_iran_on_erbil'
    and casualties.outcome = 'killed'
    and casualties.part_of_id is null
    and casualties.age_group = 'not_stated'
    and casualties.best is not null
group by casualties.best, casualties.qualifier
order by n_witnesses desc, killed asc, casualties.qualifier asc

{# Answer at version 1.0.0:

| killed | qualifier | n_witnesses | n_claimants | n_sources |
|---|---|---|---|---|
| 4 | exactly | 10 | 20 | 33 |
| 4 | at_least | 2 | 6 | 8 |
| 5 | exactly | 2 | 4 | 5 |
| 2 | exactly | 1 | 1 | 1 |
| 6 | about | 0 | 1 | 1 |
#}
