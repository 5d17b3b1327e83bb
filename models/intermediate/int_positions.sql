{# Who takes which side where facts may be disputed: on propositions, on how many were killed or injured, and on how many missiles or drones were used. Days, hours and numbers are rivals where they cannot both be true; other propositions where the record puts them into a rival group. #}
with

claims as (
    select * from {{ ref('fct_claims') }}
),

claims_on_reports as (
    select * from {{ ref('fct_claims') }}
    where target_table = 'casualties'
),

casualties as (
    select * from {{ ref('stg_casualties') }}
),

propositions as (
    select * from {{ ref('fct_propositions') }}
),

statements as (
    select * from {{ ref('fct_statements') }}
),

tolls as (
    select * from {{ ref('int_statement_tolls') }}
    where victim_group = 'everyone' and outcome in ('killed', 'injured') and figure is not null
),

munitions as (
    select * from {{ ref('stg_munitions') }}
),

qualifiers as (
    select * from {{ ref('qualifiers') }}
),

events as (
    select * from {{ ref('fct_events') }}
),

held as (
    select proposition_id
    from claims
    where {{ supports('stance') }}
),

{# Two days are rivals where their intervals in UTC have no instant in common. #}
times_held as (
    select propositions.*
    from propositions
    inner join held on propositions.proposition_id = held.proposition_id
    where
        propositions.topic = 'date'
        or (propositions.topic = 'time' and propositions.value_from_time is not null)
),

rival_times as (
    select distinct one.proposition_id
    from times_held as one
    inner join times_held as other
        on
            one.event_id = other.event_id
            and one.topic = other.topic
            and (
                one.value_from_utc >= other.value_until_utc
                or one.value_until_utc <= other.value_from_utc
            )
),

proposition_positions as (
    select
        case
            when rival_times.proposition_id is not null
                then propositions.topic || ' of ' || propositions.event_id
            else coalesce(propositions.rival_group, propositions.proposition_id)
        end as dispute_id,
        propositions.event_id,
        propositions.topic,
        propositions.proposition_kind = 'fact' as is_of_fact,
        propositions.proposition_id as position_id,
        propositions.proposition as position_text,
        claims.statement_id,
        claims.claimant_id,
        claims.claimant,
        claims.witness_id,
        claims.stance,
        claims.certainty,
        claims.withdrawn_date is null as is_standing
    from claims
    inner join propositions on claims.proposition_id = propositions.proposition_id
    left join rival_times on propositions.proposition_id = rival_times.proposition_id
),

munitions_bounded as (
    select
        munitions.munition_id,
        munitions.statement_id,
        munitions.event_id,
        munitions.part_of_id,
        case
            when munitions.kind in ('ballistic_missile', 'cruise_missile', 'missile')
                then 'missiles'
            when munitions.kind = 'drone' then 'drones'
        end as topic,
        {{ bounds_of('munitions') }}
    from munitions
    inner join qualifiers on munitions.qualifier = qualifiers.code
),

{# Four from one place and seven from another at the same event are eleven; a part within a whole of the same event is already in it. #}
salvoes as (
    select
        munitions_bounded.statement_id,
        munitions_bounded.event_id,
        munitions_bounded.topic,
        sum(munitions_bounded.best) as figure,
        case when count(munitions_bounded.low) = count(*) then sum(munitions_bounded.low) end
            as low,
        case when count(munitions_bounded.high) = count(*) then sum(munitions_bounded.high) end
            as high
    from munitions_bounded
    left join munitions_bounded as whole
        on
            munitions_bounded.part_of_id = whole.munition_id
            and munitions_bounded.event_id = whole.event_id
            and munitions_bounded.topic = whole.topic
    where whole.munition_id is null
    group by
        munitions_bounded.statement_id,
        munitions_bounded.event_id,
        munitions_bounded.topic
    having count(munitions_bounded.best) = count(*)
),

figures as (
    select
        statement_id,
        event_id,
        outcome as topic,
        figure,
        low,
        high
    from tolls

    union all

    select
        salvoes.statement_id,
        salvoes.event_id,
        salvoes.topic,
        cast(salvoes.figure as integer) as figure,
        cast(salvoes.low as integer) as low,
        cast(salvoes.high as integer) as high
    from salvoes
    inner join events on salvoes.event_id = events.event_id
    where events.event_kind in ('strike', 'series')
),

{# A figure is in dispute where one who gives it and one who gives another cannot both be right. #}
rival_figures as (
    select distinct
        one.event_id,
        one.topic,
        one.figure
    from figures as one
    inner join figures as other
        on
            one.event_id = other.event_id
            and one.topic = other.topic
            and (one.low > other.high or one.high < other.low)
),

figure_positions as (
    select
        concat(rival_figures.topic, ' in ', rival_figures.event_id) as dispute_id,
        rival_figures.event_id,
        rival_figures.topic,
        true as is_of_fact,
        concat(
            rival_figures.topic,
            ' ',
            cast(rival_figures.figure as {{ dbt.type_string() | lower }})
        ) as position_id,
        {{ worded_answer(
            'rival_figures.topic',
            'cast(rival_figures.figure as ' ~ (dbt.type_string() | lower) ~ ')'
        ) }} as position_text,
        statements.statement_id,
        statements.claimant_id,
        statements.claimant,
        statements.witness_id,
        'asserts' as stance,
        'unhedged' as certainty,
        statements.withdrawn_date is null as is_standing
    from rival_figures
    inner join figures
        on
            rival_figures.event_id = figures.event_id
            and rival_figures.topic = figures.topic
            and rival_figures.figure = figures.figure
    inner join statements on figures.statement_id = statements.statement_id
),

{# A report of people hurt that somebody doubts, denies or rejects. #}
reports_turned_down as (
    select distinct casualties.*
    from casualties
    inner join claims_on_reports on casualties.casualty_id = claims_on_reports.target_id
    where {{ opposes('claims_on_reports.stance') }}
),

report_stances as (
    select
        reports_turned_down.casualty_id,
        reports_turned_down.statement_id,
        'asserts' as stance,
        'unhedged' as certainty
    from reports_turned_down

    union all

    select
        reports_turned_down.casualty_id,
        claims_on_reports.statement_id,
        claims_on_reports.stance,
        claims_on_reports.certainty
    from reports_turned_down
    inner join claims_on_reports
        on reports_turned_down.casualty_id = claims_on_reports.target_id
),

report_positions as (
    select
        report_stances.casualty_id as dispute_id,
        reports_turned_down.event_id,
        reports_turned_down.outcome as topic,
        true as is_of_fact,
        report_stances.casualty_id as position_id,
        {{ worded_answer('reports_turned_down.outcome', 'reports_turned_down.wording') }}
            as position_text,
        report_stances.statement_id,
        statements.claimant_id,
        statements.claimant,
        statements.witness_id,
        report_stances.stance,
        report_stances.certainty,
        statements.withdrawn_date is null as is_standing
    from report_stances
    inner join reports_turned_down on report_stances.casualty_id = reports_turned_down.casualty_id
    inner join statements on report_stances.statement_id = statements.statement_id
),

final as (
    select * from proposition_positions

    union all

    select * from report_positions

    union all

    select * from figure_positions
)

select * from final
