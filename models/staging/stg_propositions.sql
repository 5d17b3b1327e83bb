select propositions.*
from {{ ref('propositions') }} as propositions
where exists (
    select 1
    from {{ ref('stg_claims') }} as claims
    where
        claims.target_table = 'propositions'
        and claims.target_id = propositions.proposition_id
)
