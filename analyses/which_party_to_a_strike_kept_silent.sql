{# Which party to a strike is recorded with no act upon it, and which said that it had no position? #}
select
    event,
    responder,
    reaction_role,
    reaction
from {{ ref('reactions_by_country') }}
where reaction <> 'recorded'
order by event asc, responder asc

{# Answer at version 1.0.0:

| event | responder | reaction_role | reaction |
|---|---|---|---|
| Iranian missile strike on Idlib | Syria | struck | none_recorded |
| Iranian strike on other parts of Syria | Syria | struck | none_recorded |
| Second strike in Haqabad | Iran | struck | none_recorded |
| Second strike in Haqabad | Pakistan | attacker | none_recorded |
#}
