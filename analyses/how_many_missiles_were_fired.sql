{# How many missiles or drones were used in each strike, and who holds which figure? #}
select
    event,
    topic,
    positions,
    dispute_state
from {{ ref('disputed_facts') }}
where topic in ('missiles', 'drones')
order by event asc, topic asc

{# Answer at version 1.0.0:

| event | topic | positions | dispute_state |
|---|---|---|---|
| Iranian missile strike on Erbil | missiles | Missiles: 10. For: Iran International, Kurdistan Chronicle, Rudaw. \| Missiles: 11. For: Amir Ali Hajizadeh, Islamic Revolutionary Guard Corps, Wikipedia, Zagros News. \| Missiles: 24. For: Ali Fathollah-Nejad. | open |
| Iranian missile strike on Idlib | missiles | Missiles: 1. For: Activists from Idlib, Shaam Network. \| Missiles: 3. For: Enab Baladi. \| Missiles: 4. For: Akhbar Al Aan, Amir Ali Hajizadeh, Islamic Revolutionary Guard Corps, White Helmets, Wikipedia. | open |
| Iranian strikes on Erbil and Idlib | missiles | Missiles: 15. For: Wikipedia. \| Missiles: 24. For: Islamic Revolutionary Guard Corps, Reflecții Geopolitice. | open |
#}
