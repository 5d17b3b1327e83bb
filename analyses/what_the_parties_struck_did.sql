{# What did the parties struck do about it, military answers included, the most severe first, and what was only announced? #}
select
    reactions.responder,
    reactions.event,
    acts.act_id,
    acts.response_kind,
    acts.response_state,
    acts.goldstein
from {{ ref('reactions_by_country') }} as reactions
inner join {{ ref('int_acts_in_reaction') }} as acts
    on reactions.responder_id = acts.responder_id and reactions.event_id = acts.event_id
where reactions.reaction_role = 'struck'
order by acts.goldstein asc nulls last, acts.act_id asc
