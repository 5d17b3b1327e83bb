{# Which states and bodies condemned the strike on Erbil, when, and at which level? #}
select
    actors.actor as responder,
    acts.from_date,
    levels.label as highest_level,
    acts.act,
    acts.passages
from {{ ref('fct_acts') }} as acts
inner join {{ ref('dim_actors') }} as actors on acts.responder_id = actors.actor_id
inner join {{ ref('codes') }} as levels
    on acts.level_order = levels.sort_order and levels.code_list = 'levels'
where
    acts.event_id = 'evt_iran_on_erbil'
    and acts.response_kind in ('condemn', 'igo_resolution_condemning')
order by acts.from_date asc nulls last, actors.actor asc, acts.act asc

{# Answer at version 1.0.0:

| responder | from_date | highest_level | act | passages |
|---|---|---|---|---|
| Kurdistan Democratic Party | 2024-01-15 | Senior official | Hawrami of the Kurdistan Democratic Party condemns the strike | src_kurdistan24_four_killed; src_menafn_khaama |
| Netherlands | 2024-01-15 | Government | Netherlands condemn the strike on Erbil | src_iranintl_missions |
| United States | 2024-01-15 | Senior official | State Department of the United States condemns the strike on Erbil | src_fdd; src_usworldtoday_dpa |
| United States | 2024-01-15 | Senior official | White House calls the strikes on Erbil reckless | src_i24_erbil |
| Assyrian Church of the East | 2024-01-16 | Institution | Patriarch of the Assyrian Church of the East condemns the attack | src_syriac_press_patriarchs |
| Canada | 2024-01-16 | Ambassador | Canada condemns the strike on Erbil | src_iranintl_missions; src_kurdistan24_condemn; src_rudaw_missions; src_syriac_press |
| Chaldean Catholic Church | 2024-01-16 | Institution | Chaldean Patriarch denounces the attack | src_syriac_press_patriarchs |
| Democratic Party of Iranian Kurdistan | 2024-01-16 | Institution | PDKI condemns the attack on Erbil | src_pdki_statement |
| France | 2024-01-16 | Government | France condemns the strike on Erbil | src_al_qahera; src_iranintl_missions; src_menafn_kuna; src_syriac_press |
| Germany | 2024-01-16 | Government | Germany condemns the strike on Erbil | src_iranintl_missions; src_kurdistan24_condemn |
| Iraq | 2024-01-16 | Minister | Defence minister of Iraq condemns the strike | src_shafaq_arab_league |
| Iraq | 2024-01-16 | Government | Iraq condemns the strike on Erbil | src_al_qahera; src_iranintl_missions; src_kurdistan_chronicle; src_mofa_iraq_condemnation; src_nation_anadolu; src_revoladies_complaint; src_wikipedia_iraq_syria |
| Iraq | 2024-01-16 | Head of state | President of Iraq condemns the attack on Erbil | src_964_reactions |
| Japan | 2024-01-16 | Ambassador | Japan condemns the strike on Erbil | src_iranintl_missions; src_rudaw_missions; src_syriac_press |
| Kurdistan Democratic Party | 2024-01-16 | Institution | Kurdistan Democratic Party condemns the attack | src_kdp_statement |
| Kurdistan Democratic Party | 2024-01-16 | Institution | Masoud Barzani condemns the attack on Erbil | src_964_reactions; src_shafaq_barzani |
| Kurdistan Democratic Party | 2024-01-16 | Institution | Parliamentary bloc of the KDP condemns the attack | src_shafaq_barzani |
| Kurdistan Region of Iraq | 2024-01-16 | Head of government | Prime minister of the Kurdistan Region condemns the strike | src_rudaw_cancelled |
| Kurdistan Region of Iraq | 2024-01-16 | Institution | Security council of the Kurdistan Region condemns the strike | src_964media_krsc; src_krsc_statement; src_kurdistan24_four_killed; src_kurdistan_chronicle; src_wikipedia_iraq_syria |
| NATO | 2024-01-16 | Senior official | NATO Secretary General condemns the strike on Erbil | src_socialbites_nato |
| Nasr coalition | 2024-01-16 | Institution | Al-Abadi condemns the attack on Erbil | src_964_abadi |
| United Kingdom | 2024-01-16 | Ambassador | British ambassador to Iraq condemns the strike on Erbil | src_iranintl_missions; src_kurdistan24_condemn; src_rudaw_missions; src_syriac_press; src_the_national_mikhael |
| United Kingdom | 2024-01-16 | Minister | Foreign secretary of the United Kingdom condemns the strike on Erbil | src_iranintl_missions; src_rudaw_missions |
| United Nations | 2024-01-16 | Body | United Nations mission in Iraq condemns the strike | src_kurdistan24_condemn |
| United States | 2024-01-16 | Ambassador | Ambassador of the United States to Iraq condemns the strike on Erbil | src_iranintl_missions; src_rudaw_missions; src_syriac_press |
| United States | 2024-01-16 | Senior official | National security adviser of the United States condemns the attack on Erbil | src_us_embassy_sullivan |
| United States | 2024-01-16 | Minister | Secretary of State condemns the attack on Erbil | src_krg_austria |
| Arab League | 2024-01-17 | Body | Arab League resolution | src_elmada_arab_league; src_iraq_mfa_arab_league; src_mei_article, paragraph 8 |
| Arab League | 2024-01-17 | Senior official | Secretary-General of the Arab League condemns the strike | src_telesur_arab_league |
| Bahrain | 2024-01-17 | Minister | Bahrain condemns the strike on Erbil | src_huria_arab_league |
| Iraq | 2024-01-17 | Minister | Foreign minister of Iraq condemns the strike on Erbil | src_mei_article, paragraph 6; src_shafaq_support |
| Jordan | 2024-01-17 | Head of government | Prime minister of Jordan denounces the attacks on Erbil | src_rudaw_davos |
| United Kingdom | 2024-01-17 | Minister | British Foreign Secretary condemns the strike to the foreign minister of Iran | src_the_national_mikhael |
| United Nations | 2024-01-17 | Senior official | UN Secretary-General condemns the attack on Erbil | src_krg_australia |
| Yemen | 2024-01-17 | Government | Yemen condemns the strike on Erbil | src_elmada_arab_league; src_huria_arab_league |
| United Kingdom | 2024-01-18 | Minister | Foreign Secretary condemns the attack to the prime minister of the Kurdistan Region | src_kurdistan24_cameron |
| Erbil Chamber of Commerce and Industry | 2024-01-19 | Institution | Erbil Chamber of Commerce condemns the attack | src_rudaw_boycott |
| Netherlands | 2024-01-19 | Minister | Foreign minister of the Netherlands condemns the strike on Erbil | src_teknomers_dutch_baby |
| Kurdistan Diaspora Center | 2024-01-20 | Institution | Kurdistan Diaspora Center in Canada condemns the attack | src_kurdistan24_diaspora |
| Iraq | 2024-01-21 | Senior official | Deputy speaker of parliament denounces the attack | src_altaakhi_parliament |
#}
