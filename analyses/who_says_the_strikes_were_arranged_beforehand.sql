{# Who says that Iran and Pakistan had told each other or agreed beforehand, who repeats it, and who turns it down? #}
select
    proposition,
    advanced_by,
    repeated_by,
    doubted_by,
    rejected_by,
    left_open_by,
    n_witnesses_for,
    n_witnesses_against
from {{ ref('narratives') }}
where topic = 'prior_coordination'
order by n_witnesses_for desc, proposition asc

{# Answer at version 1.0.0:

| proposition | advanced_by | repeated_by | doubted_by | rejected_by | left_open_by | n_witnesses_for | n_witnesses_against |
|---|---|---|---|---|---|---|---|
| Iran and Pakistan informed each other before their respective attacks. | Pro-regime Iranian accounts on social media; Reporter of state-owned television (unnamed) |  |  | Ali Fathollah-Nejad |  | 2 | 0 |
| Iran coordinated its strike with the government of Pakistan beforehand. | Telegram channel held to be close to the IRGC (unnamed) |  |  |  |  | 1 | 0 |
| Iran did not tell Islamabad that it would make the strike public. | Iranian source on the forewarning (unnamed) |  |  |  |  | 1 | 0 |
| Iran warned Pakistan of the strike beforehand. | Iranian source on the forewarning (unnamed) |  |  | Foreign ministry of Pakistan |  | 1 | 1 |
| The strike was in line with an agreement of Iran and Pakistan against terrorism at the border. | Telegram channel held to be close to the IRGC (unnamed) |  |  |  |  | 1 | 0 |
| At the joint committee Iran voiced concern over a Mossad presence in Erbil before the strike. |  |  |  | Reber Ahmed |  | 0 | 1 |
| Pakistan told the United States before it struck Iran. |  |  |  |  | John Kirby | 0 | 0 |
| The attacks of Iran and Pakistan were arranged and coordinated between the two beforehand. | Those who speculate on a prior arrangement (unnamed) |  |  | Those who take the attack on Pakistan for unexpected (unnamed) | Ali Fathollah-Nejad | 0 | 0 |
#}
