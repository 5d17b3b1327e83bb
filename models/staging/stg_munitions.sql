select * from {{ ref('munitions') }}
