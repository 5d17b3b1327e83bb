{# What did the parties struck do about it, military answers included, the most severe first, and what was only announced? #}
select
    reactions.responder,
    reactions.event,
    acts.act_id,
    acts.response_kind,
    acts.response_state,
    acts.goldstein
from {{ ref('reactions_by_country') }} as reactions
inner join {{ ref('fct_acts') }} as acts
    on reactions.responder_id = acts.responder_id and reactions.event_id = acts.event_id
where reactions.reaction_role = 'struck'
order by
    acts.goldstein asc nulls last, acts.act_id asc, reactions.event asc, reactions.responder asc

{# Answer at version 1.0.0:

| responder | event | act_id | response_kind | response_state | goldstein |
|---|---|---|---|---|---|
| Pakistan | Iranian missile strike on Pakistan | evt_pakistan_on_iran | military_strike | done | -10 |
| Pakistan | Iranian missile strike on Pakistan | rsp_frontier_corps_on_alert | raise_alert | done | -7.2 |
| Pakistan | Iranian missile strike on Pakistan | rsp_pakistan_aviation_alert | raise_alert | done | -7.2 |
| Iran | Attack in Kerman | rsp_irgc_vows_further_operations | threaten_consequences | done | -7 |
| Iran | Killing of IRGC generals in Syria | rsp_irgc_vows_further_operations | threaten_consequences | done | -7 |
| Pakistan | Iranian missile strike on Pakistan | rsp_pakistan_calls_trade_delegation_home | suspend_talks_or_visits | ordered | -7 |
| Pakistan | Iranian missile strike on Pakistan | rsp_pakistan_suspends_visits | suspend_talks_or_visits | done | -7 |
| Iran | Israeli targeting of Iranian assets in Syria | rsp_regime_vows_revenge | threaten_consequences | done | -7 |
| Iran | Killing of Razi Mousavi | rsp_salami_vows_revenge | threaten_consequences | done | -7 |
| Pakistan | Iranian missile strike on Pakistan | rsp_alvi_warns | warn_of_consequences | done | -4.4 |
| Iran | Killing of Razi Mousavi | rsp_irgc_threatens_israel | warn_of_consequences | done | -4.4 |
| Pakistan | Iranian missile strike on Pakistan | rsp_jilani_reserves_right_to_respond | warn_of_consequences | done | -4.4 |
| Pakistan | Iranian missile strike on Pakistan | rsp_pakistan_reserves_right_to_respond | warn_of_consequences | done | -4.4 |
| Pakistan | Iranian missile strike on Pakistan | rsp_pakistan_warns_of_consequences | warn_of_consequences | done | -4.4 |
| Iran | Killing of Razi Mousavi | rsp_raisi_threatens_israel | warn_of_consequences | done | -4.4 |
| Iran | Attack in Kerman | rsp_raisi_warns_over_kerman | warn_of_consequences | done | -4.4 |
| Iraq | Iranian missile strike on Erbil | rsp_al_sudani_cancels_meeting | cancel_meeting | done | -4 |
| Kurdistan Region of Iraq | Iranian missile strike on Erbil | rsp_barzani_cancels_meeting | cancel_meeting | done | -4 |
| Iraq | Iranian missile strike on Erbil | rsp_iraq_recalls_ambassador | recall_own_ambassador | done | -4 |
| Pakistan | Exchange of fire between Iran and Pakistan | rsp_kakar_cuts_visit_short | cut_visit_short | done | -4 |
| Pakistan | Iranian missile strike on Pakistan | rsp_pakistan_bars_iranian_ambassador | bar_or_expel_envoy | done | -4 |
| Pakistan | Iranian missile strike on Pakistan | rsp_pakistan_recalls_ambassador | recall_own_ambassador | done | -4 |
| Pakistan | Iranian missile strike on Pakistan | rsp_achakzai_condemns_strike | condemn | done | -2 |
| Iraq | Iranian missile strike on Erbil | rsp_al_araji_rejects_claim | reject_claim_as_baseless | done | -2 |
| Iraq | Iranian missile strike on Erbil | rsp_al_shammari_says_no_evidence | reject_claim_as_baseless | done | -2 |
| Kurdistan Region of Iraq | Iranian missile strike on Erbil | rsp_barzani_condemns_strike | condemn | done | -2 |
| Kurdistan Region of Iraq | Iranian missile strike on Erbil | rsp_barzani_rejects_claims | reject_claim_as_baseless | done | -2 |
| Iraq | Iranian missile strike on Erbil | rsp_defence_minister_condemns_strike | condemn | done | -2 |
| Iraq | Iranian missile strike on Erbil | rsp_hussein_condemns_strike | condemn | done | -2 |
| Iraq | Iranian missile strike on Erbil | rsp_hussein_rejects_claims | reject_claim_as_baseless | done | -2 |
| Iraq | Iranian missile strike on Erbil | rsp_inspection_of_erbil_site | investigate | done | -2 |
| Kurdistan Region of Iraq | Iranian missile strike on Erbil | rsp_inspection_of_erbil_site | investigate | done | -2 |
| Iran | Pakistani airstrikes on Saravan | rsp_iran_condemns_saravan | condemn | done | -2 |
| Iran | Attack in Kerman | rsp_iran_investigates_kerman | investigate | done | -2 |
| Iran | Pakistani airstrikes on Saravan | rsp_iran_summons_pakistani_charge | summon_envoy | done | -2 |
| Iran | Attack in Sistan and Baluchestan in December 2023 | rsp_iranian_police_condemns_rask | condemn | done | -2 |
| Iraq | Iranian missile strike on Erbil | rsp_iraq_committee_of_inquiry | investigate | done | -2 |
| Iraq | Iranian missile strike on Erbil | rsp_iraq_condemns_strike_on_erbil | condemn | done | -2 |
| Iraq | Iranian missile strike on Erbil | rsp_iraq_hands_protest_note | official_protest_note | done | -2 |
| Iraq | Iranian missile strike on Erbil | rsp_iraq_pledges_council_complaint | unsc_complaint | disputed | -2 |
| Iraq | Iranian missile strike on Erbil | rsp_iraq_summons_charge | summon_envoy | done | -2 |
| Iraq | Iranian missile strike on Erbil | rsp_iraqi_parliament_finds_home | reject_claim_as_baseless | done | -2 |
| Iraq | Iranian missile strike on Erbil | rsp_iraqi_parliament_investigates | investigate | done | -2 |
| Pakistan | Iranian missile strike on Pakistan | rsp_jilani_condemns_strike | condemn | done | -2 |
| Iran | Killing of Pakistani workers in Saravan | rsp_kanaani_workers_condemn | condemn | done | -2 |
| Iran | Killing of Pakistani workers in Saravan | rsp_kanaani_workers_investigate | investigate | done | -2 |
| Kurdistan Region of Iraq | Iranian missile strike on Erbil | rsp_krsc_condemns_strike | condemn | done | -2 |
| Kurdistan Region of Iraq | Iranian missile strike on Erbil | rsp_krsc_rejects_claim | reject_claim_as_baseless | done | -2 |
| Iran | Killing of Pakistani workers in Saravan | rsp_moghadam_workers_condemn | condemn | done | -2 |
| Pakistan | Iranian missile strike on Pakistan | rsp_pakistan_condemns_strike | condemn | done | -2 |
| Pakistan | Iranian missile strike on Pakistan | rsp_pakistan_investigates_strike | investigate | done | -2 |
| Pakistan | Iranian missile strike on Pakistan | rsp_pakistan_protests_in_tehran | official_protest_note | done | -2 |
| Pakistan | Iranian missile strike on Pakistan | rsp_pakistan_summons_iranian_charge | summon_envoy | done | -2 |
| Iraq | Iranian missile strike on Erbil | rsp_rashid_condemns_erbil | condemn | done | -2 |
| Kurdistan Region of Iraq | Iranian missile strike on Erbil | rsp_safeen_dizayee_rejects_claims | reject_claim_as_baseless | done | -2 |
| Iraq | Iranian missile strike on Erbil | rsp_shakhawan_abdullah_denounces_erbil | condemn | done | -2 |
| Syria | Killing of Razi Mousavi | rsp_syria_condemns_killing_of_mousavi | condemn | done | -2 |
| Iran | Attack in Sistan and Baluchestan in December 2023 | rsp_vahidi_condemns_rask | condemn | done | -2 |
| Iran | Pakistani airstrikes on Saravan | rsp_vahidi_speaks_of_explosions | neutral_comment | done | 0 |
| Pakistan | Exchange of fire between Iran and Pakistan | rsp_baloch_wants_no_escalation | reassure | done | 0.4 |
| Pakistan | Exchange of fire between Iran and Pakistan | rsp_jilani_wants_no_escalation | reassure | done | 0.4 |
| Pakistan | Exchange of fire between Iran and Pakistan | rsp_kakar_reaffirms_ties | reassure | done | 0.4 |
| Iran | Killing of Pakistani workers in Saravan | rsp_kanaani_workers_reassure | reassure | done | 0.4 |
| Kurdistan Region of Iraq | Iranian missile strike on Erbil | rsp_khoshnaw_reassures | reassure | done | 0.4 |
| Iran | Exchange of fire between Iran and Pakistan | rsp_moghadam_reassures_pakistan | reassure | done | 0.4 |
| Iran | Killing of Pakistani workers in Saravan | rsp_moghadam_workers_reassure | reassure | done | 0.4 |
| Iran | Exchange of fire between Iran and Pakistan | rsp_qureshi_and_mousavi_exchange_messages | reassure | done | 0.4 |
| Pakistan | Exchange of fire between Iran and Pakistan | rsp_qureshi_and_mousavi_exchange_messages | reassure | done | 0.4 |
| Iran | Exchange of fire between Iran and Pakistan | rsp_raisi_reassures_pakistan | reassure | done | 0.4 |
| Pakistan | Exchange of fire between Iran and Pakistan | rsp_umrani_reassures_on_trade | reassure | done | 0.4 |
| Iran | Exchange of fire between Iran and Pakistan | rsp_foreign_ministers_speak_again | phone_call | done | 1 |
| Pakistan | Exchange of fire between Iran and Pakistan | rsp_foreign_ministers_speak_again | phone_call | done | 1 |
| Pakistan | Exchange of fire between Iran and Pakistan | rsp_pakistan_nsc_meeting | hold_emergency_meeting | done | 1 |
| Iran | Exchange of fire between Iran and Pakistan | rsp_amir_abdollahian_visits_pakistan | visit | done | 1.9 |
| Iran | Pakistani airstrikes on Saravan | rsp_iran_demands_explanation | request_clarification | done | 3 |
| Kurdistan Region of Iraq | Iranian missile strike on Erbil | rsp_khoshnaw_appeals | appeal_for_action | done | 3 |
| Iran | Killing of Pakistani workers in Saravan | rsp_kanaani_workers_express_condolence | express_condolence | done | 3.4 |
| Iran | Exchange of fire between Iran and Pakistan | rsp_iranian_ambassador_returns | restore_ambassadors | done | 3.5 |
| Pakistan | Exchange of fire between Iran and Pakistan | rsp_iranian_ambassador_returns | restore_ambassadors | done | 3.5 |
| Iraq | Iranian missile strike on Erbil | rsp_iraq_returns_ambassador | restore_ambassadors | ordered | 3.5 |
| Pakistan | Exchange of fire between Iran and Pakistan | rsp_pakistan_ambassador_returns | restore_ambassadors | done | 3.5 |
| Iran | Exchange of fire between Iran and Pakistan | rsp_iran_and_pakistan_agree_to_deescalate | agree_to_deescalate | agreed | 7 |
| Pakistan | Exchange of fire between Iran and Pakistan | rsp_iran_and_pakistan_agree_to_deescalate | agree_to_deescalate | agreed | 7 |
| Iraq | Iranian missile strike on Erbil | rsp_iraq_considers_ending_security_agreement | announce_intended_action | considered |  |
| Pakistan | Exchange of fire between Iran and Pakistan | rsp_kakar_invites_raisi | announce_intended_action | done |  |
| Iran | Exchange of fire between Iran and Pakistan | rsp_liaison_officers_agreed | announce_intended_action | agreed |  |
| Pakistan | Exchange of fire between Iran and Pakistan | rsp_liaison_officers_agreed | announce_intended_action | agreed |  |
| Pakistan | Iranian missile strike on Pakistan | rsp_pakistan_announces_measures | announce_intended_action | done |  |
#}
