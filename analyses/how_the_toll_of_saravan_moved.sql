{# How did the number of dead in Saravan move, who said which figure when, and which were updates? #}
select
    report_number,
    said_from_date,
    claimant,
    wording,
    low,
    best,
    high,
    updates_figure,
    report_use
from {{ ref('toll_over_time') }}
where event_id = 'evt_pakistan_on_iran' and outcome = 'killed'
order by report_number

{# Answer at version 1.0.0:

| report_number | said_from_date | claimant | wording | low | best | high | updates_figure | report_use |
|---|---|---|---|---|---|---|---|---|
| 1 | 2024-01-18 | Balochistan Liberation Front | none of our Saramchar | 0 | 0 | 0 |  | total |
| 2 | 2024-01-18 | Alireza Marhamati | seven people had been killed | 7 | 7 | 7 |  | superseded |
| 3 | 2024-01-18 | OpIndia | leaving seven people dead | 7 | 7 | 7 |  | second_hand |
| 4 | 2024-01-18 | Security source of Mehr (unnamed) | seven individuals | 7 | 7 | 7 |  | total |
| 5 | 2024-01-18 | Ahmad Vahidi | nine foreigners | 9 | 9 | 9 |  | total |
| 6 | 2024-01-18 | Iran | nine people died | 9 | 9 | 9 |  | total |
| 7 | 2024-01-18 | Alireza Marhamati | toll to 9 | 9 | 9 | 9 | 7 | total |
| 8 | 2024-01-18 | Alireza Marhamati | 10 Pakistanis | 10 | 10 | 10 |  | total |
| 9 | 2024-01-18 | Balochistan Liberation Front | deaths of its members | 2 |  |  |  | total |
| 10 | 2024-01-18 | Balochistan Liberation Army | ucciso la sua popolazione | 1 |  |  |  | total |
| 11 | 2024-01-18 | Foreign ministry of Pakistan | a number of terrorists | 2 |  |  |  | total |
| 12 | 2024-01-18 | Iran | at least nine people | 9 | 9 |  |  | total |
| 13 | 2024-01-18 | Qazi Dad Mohammad Rehan | 10 individuals | 10 | 10 | 10 |  | total |
| 14 | 2024-01-18 | Local sources in Haqabad (unnamed) | at least ten people | 10 | 10 |  |  | total |
| 15 | 2024-01-18 | The Balochistan Post | the confirmed deceased | 2 |  |  |  | total |
| 16 | 2024-01-18 | Iranian state television | nine people | 9 | 9 | 9 |  | total |
| 17 | 2024-01-18 | Nazir Noor | unarmed civilians, women and children | 2 |  |  |  | total |
| 18 | 2024-02-01 | Paank | tragic deaths of Ali Dost | 2 |  |  |  | total |
| 19 |  | Wikipedia | 9 foreign nationals | 9 | 9 | 9 |  | second_hand |
#}
