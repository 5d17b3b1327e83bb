select * from {{ ref('propositions') }}
