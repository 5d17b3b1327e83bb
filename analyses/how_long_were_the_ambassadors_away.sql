{# How many days lay between each act and the later act that undid it, and how does that one stand? #}
select
    from_item as undone,
    from_item_date as undone_date,
    to_item as undone_by,
    status,
    from_date as undone_by_date,
    lag_hours_low / 24 as days_low,
    lag_hours_high / 24 as days_high
from {{ ref('escalation_chain') }}
where link = 'reverses'
order by undone_date asc, undone asc, undone_by asc

{# Answer at version 1.0.0:

| undone | undone_date | undone_by | status | undone_by_date | days_low | days_high |
|---|---|---|---|---|---|---|
| Iraq recalls its ambassador to Iran | 2024-01-16 | Iraq sends its ambassador back to Tehran | ordered | 2024-02-11 | 25.0 | 29.0 |
| Pakistan bars the return of the Iranian ambassador | 2024-01-17 | The ambassador of Iran returns to Islamabad | done | 2024-01-26 | 8.0 | 10.0 |
| Pakistan recalls its ambassador to Iran | 2024-01-17 | The ambassador of Pakistan returns to Tehran | done | 2024-01-22 | 2.0 | 11.0 |
#}
