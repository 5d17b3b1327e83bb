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
| Iranian missile strike on Erbil | injured | GeenStijl | zes gewonden | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | injured | Iran International | a minimum of ... 17 injuries | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | injured | Khaama Press | 17 others were injured | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | injured | Kurdistan24 | six others | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | injured | Syriac Press | 16 others | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | injured | Wikipedia | 17 civilians injured | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | Officials in Erbil (unnamed) | four people | misprint | Met only where it is misprinted or mistranslated. |
| Iranian missile strike on Erbil | killed | Al Bawaba | killed four persons | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | Ali Fathollah-Nejad | killed civilians in Erbil | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | Ali Fathollah-Nejad | half a dozen civilians | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | Atlantic Council | killed four | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | Foundation for Defense of Democracies | killed four civilians | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | GeenStijl | de vier doden | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | Iran International | a minimum of four fatalities | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | Khaama Press | at least four civilians | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | Kurdistan24 | at least four civilians | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | MEIS Switzerland | Among the deceased | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | Syriac Press | four civilians | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | The National | one of five people who died | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Erbil | killed | Wikipedia | 4 civilians killed | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Pakistan | injured | Wikipedia | 4 wounded | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Pakistan | killed | Ali Fathollah-Nejad | at least two children | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Pakistan | killed | Daily Moon | bodies of the two children | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Pakistan | killed | SirfPakistan | killed two children | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Iranian missile strike on Pakistan | killed | Wikipedia | 2 killed | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Pakistani airstrikes on Saravan | killed | OpIndia | leaving seven people dead | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Pakistani airstrikes on Saravan | killed | Wikipedia | 9 foreign nationals | second_hand | Drawn from what others reported; counts only where no witness gives a figure for the group. |
| Pakistani airstrikes on Saravan | killed | Alireza Marhamati | seven people had been killed | superseded | The same claimant or institution has expressly updated it. |
| Pakistani airstrikes on Saravan | killed | Alireza Marhamati | four children | superseded | The same claimant or institution has expressly updated it. |
| Pakistani airstrikes on Saravan | killed | Alireza Marhamati | three women | superseded | The same claimant or institution has expressly updated it. |
#}
