{# Did the complaint of Iraq reach the Security Council: what was pledged, done or disputed, when, and according to whom? #}
select
    states.from_date,
    states.response_state,
    statements.claimant,
    statements.claimant_office,
    statements.passages
from {{ ref('fct_response_states') }} as states
inner join {{ ref('fct_statements') }} as statements
    on states.statement_id = statements.statement_id
inner join {{ ref('fct_responses') }} as responses on states.response_id = responses.response_id
where responses.response_kind = 'unsc_complaint'
order by states.from_date asc nulls last, states.response_state asc, statements.claimant asc

{# Answer at version 1.0.0:

| from_date | response_state | claimant | claimant_office | passages |
|---|---|---|---|---|
| 2024-01-15 | pledged | Ali Fathollah-Nejad |  | src_mei_article, paragraph 6 |
| 2024-01-16 | done | Foreign ministry of Iraq |  | src_gulan_complaint; src_iraqinews_complaint; src_revoladies_complaint; src_rudaw_cancelled; src_rudaw_letter; src_rudaw_unsc_complaint; src_shafaq_arab_league; src_shafaq_support |
| 2024-01-16 | done | Fouad Hussein | Foreign Minister | src_aawsat_hussein; src_arab_news_davos; src_arab_news_hussein; src_mei_article, paragraph 7 |
| 2024-01-16 | done | Sources of Rudaw in Baghdad and New York |  | src_rudaw_letter |
| 2024-01-16 | pledged | Foreign ministry of Iraq |  | src_al_qahera; src_i24_erbil; src_iranintl_missions; src_mofa_iraq_condemnation; src_nation_anadolu; src_revoladies_complaint |
| 2024-01-24 | disputed | Nicolas de Rivière | President of the Security Council | src_rudaw_letter |
#}
