{# Who says the missiles on Idlib came from where, how sure, and in which passage? #}
select
    proposition,
    stance,
    certainty,
    claimant,
    passages
from {{ ref('fct_claims') }}
where topic = 'launch_site' and event_id = 'evt_iran_on_idlib'
order by proposition, claimant, stance
