{# Which reports of people killed or injured in a strike do not count towards its estimate, and why? #}
select
    event,
    outcome,
    claimant,
    wording,
    report_use,
    use_explained
from {{ ref('casualty_reports') }}
where event_kind = 'strike' and not is_used
order by event asc, outcome asc, report_use asc, claimant asc, casualty_id asc

{# Answer at version 1.0.0:

| event | outcome | claimant | wording | report_use | use_explained |
|---|---|---|---|---|---|
| Iranian missile strike on Erbil | injured | Officials in Erbil (unnamed) | six others sustaining wounds | misprint | Met only where it is misprinted or mistranslated. |
| Iranian missile strike on Erbil | injured | Al Bawaba | wounded six others | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | injured | Atlantic Council | as many as seventeen | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | injured | Crisis24 | wounded several others | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | injured | GeenStijl | zes gewonden | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | injured | Iran International | a minimum of ... 17 injuries | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | injured | Khaama Press | 17 others were injured | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | injured | Kurdistan24 | six others | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | injured | Syriac Press | 16 others | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | injured | Wikipedia | 17 civilians injured | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | Officials in Erbil (unnamed) | four people | misprint | Met only where it is misprinted or mistranslated. |
| Iranian missile strike on Erbil | killed | Al Bawaba | killed four persons | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | Ali Fathollah-Nejad | a prominent Kurdish businessman | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | Ali Fathollah-Nejad | killed civilians in Erbil | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | Ali Fathollah-Nejad | nationals from ... the Netherlands | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | Ali Fathollah-Nejad | half a dozen civilians | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | Ali Fathollah-Nejad | nationals from the United Kingdom | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | Asharq Al-Awsat | four civilians | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | Atlantic Council | killed four | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | Crisis24 | killed at least four people | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | Foundation for Defense of Democracies | killed four civilians | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | GeenStijl | de vier doden | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | Iran International | a minimum of four fatalities | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | Iran International | him and 4 members | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | Iran International | killing him | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | Khaama Press | at least four civilians | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | Kurdistan24 | at least four civilians | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | MEIS Switzerland | Among the deceased | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | Syriac Press | four civilians | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | The National | his 11-month-old daughter | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | The National | Kurdish businessman Peshraw Dizayee | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | The National | one of five people who died | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | The National | A British citizen | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | Wikipedia | 4 civilians killed | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed_or_injured | Huria News | سقوط 10 مدنيين | no_estimate | A figure of killed and injured together, or of the missing: it stands here and in no estimate. |
| Iranian missile strike on Erbil | killed_or_injured | Kurdistan Chronicle | the casualties included | no_estimate | A figure of killed and injured together, or of the missing: it stands here and in no estimate. |
| Iranian missile strike on Erbil | killed_or_injured | Kurdistan24 | four casualties among his family | no_estimate | A figure of killed and injured together, or of the missing: it stands here and in no estimate. |
| Iranian missile strike on Erbil | killed_or_injured | United Nations Assistance Mission for Iraq | civilian casualties | no_estimate | A figure of killed and injured together, or of the missing: it stands here and in no estimate. |
| Iranian missile strike on Erbil | killed_or_injured | Al Qahera News | killing and injury of dozens | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed_or_injured | Kurdistan24 | 11-months and 18-months children | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed_or_injured | Kurdistan24 | four causalities among his family | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed_or_injured | MEIS Switzerland | at least four casualties | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | missing | Kurdistan Chronicle | a 41-year-old maid | no_estimate | A figure of killed and injured together, or of the missing: it stands here and in no estimate. |
| Iranian missile strike on Idlib | killed_or_injured | Activists from Idlib | no victims recorded | no_estimate | A figure of killed and injured together, or of the missing: it stands here and in no estimate. |
| Iranian missile strike on Pakistan | injured | Wikipedia | 4 wounded | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Pakistan | killed | Ali Fathollah-Nejad | at least two children | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Pakistan | killed | Daily Moon | bodies of the two children | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Pakistan | killed | La Vanguardia | causing four deaths | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Pakistan | killed | SirfPakistan | killed two children | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Pakistan | killed | Wikipedia | 2 killed | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Pakistan | killed_or_injured | Stéphane Dujarric | reports of casualties on both sides | no_estimate | A figure of killed and injured together, or of the missing: it stands here and in no estimate. |
| Pakistani airstrikes on Saravan | killed | OpIndia | leaving seven people dead | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Pakistani airstrikes on Saravan | killed | Wikipedia | 9 foreign nationals | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Pakistani airstrikes on Saravan | killed | Alireza Marhamati | seven people had been killed | superseded | The same claimant or institution has expressly updated it. |
| Pakistani airstrikes on Saravan | killed | Alireza Marhamati | four children | superseded | The same claimant or institution has expressly updated it. |
| Pakistani airstrikes on Saravan | killed | Alireza Marhamati | three women | superseded | The same claimant or institution has expressly updated it. |
| Pakistani airstrikes on Saravan | killed_or_injured | Stéphane Dujarric | reports of casualties on both sides | no_estimate | A figure of killed and injured together, or of the missing: it stands here and in no estimate. |
#}
