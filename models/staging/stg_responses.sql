select * from {{ ref('responses') }}
