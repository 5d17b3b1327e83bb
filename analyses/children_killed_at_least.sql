{# How many children were killed at least, over all strikes, and for how many strikes does nobody say? #}
select
    sum(children_killed_low) as children_killed_at_least,
    count(children_killed_low) as n_strikes_with_a_report,
    count(*) - count(children_killed_low) as n_strikes_without_a_report
from {{ ref('civilian_harm_by_strike') }}

{# Answer at version 1.0.0:

| children_killed_at_least | n_strikes_with_a_report | n_strikes_without_a_report |
|---|---|---|
| 6 | 3 | 3 |
#}
