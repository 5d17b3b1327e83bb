{# When did each strike happen, by the clock of the place and in UTC, and how many days and hours are given for it? #}
select
    event,
    from_date,
    local_from_time,
    utc_offset_minutes,
    from_utc,
    n_dates_reported,
    n_times_reported
from {{ ref('fct_events') }}
where event_kind = 'strike'
order by from_utc asc nulls last, event asc

{# Answer at version 1.0.0:

| event | from_date | local_from_time | utc_offset_minutes | from_utc | n_dates_reported | n_times_reported |
|---|---|---|---|---|---|---|
| Iranian strike on other parts of Syria | 2024-01-15 |  |  | 2024-01-15 00:00:00 | 1 | 0 |
| Iranian missile strike on Erbil | 2024-01-15 | 23:30 | 180 | 2024-01-15 20:30:00 | 3 | 4 |
| Iranian missile strike on Idlib | 2024-01-15 | 23:40 | 180 | 2024-01-15 20:40:00 | 1 | 7 |
| Iranian missile strike on Pakistan | 2024-01-16 |  |  | 2024-01-16 00:00:00 | 2 | 0 |
| Second strike in Haqabad | 2024-01-18 | 06:00 |  | 2024-01-18 00:00:00 | 1 | 1 |
| Pakistani airstrikes on Saravan | 2024-01-18 | 04:05 | 210 | 2024-01-18 00:35:00 | 2 | 7 |
#}
