{# Which facts that somebody disputes are settled, conceded or withdrawn, and by what rule? #}
select
    event,
    topic,
    dispute_state,
    settled_by,
    leading_position,
    n_witnesses_for_leading,
    n_witnesses
from {{ ref('disputed_facts') }}
where dispute_state <> 'open'
order by event asc, topic asc, leading_position asc

{# Answer at version 1.0.0:

| event | topic | dispute_state | settled_by | leading_position | n_witnesses_for_leading | n_witnesses |
|---|---|---|---|---|---|---|
| Iranian missile strike on Erbil | time | settled | no_witness_against | The strike on Erbil began at half past eleven in the evening of 15 January by the clock of Erbil. | 3 | 3 |
| Iranian missile strike on Pakistan | killed | settled | no_witness_against | Killed: 2. | 2 | 2 |
| Pakistani airstrikes on Saravan | date | settled | both_parties | The airstrikes of Pakistan inside Iran took place on Thursday, 18 January 2024. | 8 | 8 |
#}
