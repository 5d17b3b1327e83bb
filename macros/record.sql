{# The tables of the record and of the vocabulary. A test compares the list with the folders. #}
{% macro record_tables() -%}
    {{ return([
        'action_crosswalk', 'actor_relations', 'actors', 'casualties', 'citations', 'claims',
        'codes', 'corrections', 'countries', 'damage', 'episodes', 'event_actors', 'event_links',
        'events', 'identifiers', 'kinds_of_others', 'languages', 'locations', 'munitions', 'names',
        'passages', 'pcodes', 'propositions', 'qualifiers', 'response_actors', 'response_events',
        'response_states', 'responses', 'sources', 'statement_addressees', 'statements',
    ]) }}
{%- endmacro %}


{# Stances that hold a proposition up, and stances that stand against it. #}
{% macro supports(stance) -%}
    {{ stance }} in ('asserts', 'implies', 'reports', 'endorses', 'concedes')
{%- endmacro %}

{% macro opposes(stance) -%}
    {{ stance }} in ('doubts', 'denies', 'rejects')
{%- endmacro %}


{# A passage in words: its source, and where in it unless it is the whole; NULL where there is none. #}
{% macro worded_passage(passages) -%}
    case when {{ passages }}.locator_kind = 'whole' then {{ passages }}.source_id else {{ passages }}.source_id || ', ' || {{ passages }}.locator_kind || ' ' || {{ passages }}.locator end
{%- endmacro %}


{# What the views by strike tell of. Datasets do not tell the weapon: where they are read, attacks are told of too. #}
{% macro is_strike(event_kind) -%}
    {{ event_kind }} {{ "in ('strike', 'attack')" if imports() else "= 'strike'" }}
{%- endmacro %}


{# Kinds of event that are a use of arms. #}
{% macro is_use_of_arms(event_kind) -%}
    {{ event_kind }} in ('strike', 'attack', 'killing', 'bombardment', 'war')
{%- endmacro %}


{# What is disputed, in words: the question, and one answer to it. #}
{% macro worded_answer(topic, answer) -%}
    concat(upper(substring({{ topic }}, 1, 1)), substring({{ topic }}, 2), ': ', {{ answer }}, '.')
{%- endmacro %}


{# The rows of a curated table, as the vars choose. With `imports` those of other datasets stand beside them; of an actor that several of them bring the first row stays. With `sources` or `episodes` what rests on no other document, or belongs to another episode, falls away: a row stays whose every column named here leads to a row that stays (or to none), and which the table named by `found_in` speaks of. Without either, everything stays: the checker holds each row to lead somewhere. #}
{% macro chosen(name, found_in=none) -%}
    {%- set conditions = [] -%}
    {%- if name == 'sources' and var('sources') -%}
        {%- do conditions.append("this.source_id in ('" ~ var('sources') | join("', '") ~ "')") -%}
    {%- endif -%}
    {%- if var('episodes') and name in ('events', 'propositions', 'responses', 'statements') -%}
        {%- do conditions.append("this.episode_id in ('" ~ var('episodes') | join("', '") ~ "')") -%}
    {%- endif -%}
    {%- if var('sources') or var('episodes') -%}
        {%- for column, model in kwargs.items() -%}
            {%- set key = 'found.' ~ model[4:-1] ~ '_id' -%}
            {%- set where = 'this.' ~ column -%}
            {%- do conditions.append('(' ~ where ~ ' is null or exists (select 1 from ' ~ ref(model) ~ ' as found where ' ~ key ~ ' = ' ~ where ~ '))') -%}
        {%- endfor -%}
        {%- if found_in -%}
            {%- set speaks_of = 'cited' if found_in == 'stg_citations' else 'target' -%}
            {%- do conditions.append('exists (select 1 from ' ~ ref(found_in) ~ ' as found where found.' ~ speaks_of ~ "_table = '" ~ name ~ "' and found." ~ speaks_of ~ '_id = this.' ~ name[:-1] ~ '_id)') -%}
        {%- endif -%}
    {%- endif -%}
    select this.* from {{ record(name) }} as this
    {%- if conditions %} where {{ conditions | join(' and ') }}{% endif -%}
{%- endmacro %}


{# Where the rows of a table are read: in the record, or in it and in what was imported. #}
{% macro record(name) -%}
    {%- if not imports() -%}
        {{ ref(name) }}
    {%- else -%}
        {%- set columns = columns_of(name) | join(', ') or '*' -%}
        (
            select {{ columns }} from {{ ref(name) }}
            union all
            {%- if name == 'actors' %}
            select {{ columns }}
            from (
                select
                    *,
                    row_number() over (partition by actor_id order by {{ bytewise('dataset_version') }} asc nulls last, {{ bytewise('original_id') }} asc nulls last, {{ bytewise('passage_id') }} asc)
                        as place
                from {{ imported_rows(name) }}
            ) as imported
            where place = 1 and actor_id not in (select actor_id from {{ ref(name) }})
            {%- else %}
            select {{ columns }} from {{ imported_rows(name) }}
            {%- endif %}
        )
    {%- endif -%}
{%- endmacro %}


{# The columns of a curated table, in order; none while dbt parses, since it does not know them yet. #}
{% macro columns_of(name) -%}
    {%- set seed = graph.nodes.values() | selectattr('resource_type', 'equalto', 'seed') | selectattr('name', 'equalto', name) | first if execute else none -%}
    {{ return((seed.config.column_types if seed else {}) | list) }}
{%- endmacro %}


{# The folder with what `strike-ledger import` wrote, where it is to be read; the target bulk reads it always. #}
{% macro imports() -%}
    {{ return(var('imports') or ('imports' if target.name == 'bulk' else '')) }}
{%- endmacro %}


{# Documents that speak of what others reported: in its own voice such a document is no witness. #}
{% macro second_hand(proximity) -%}
    {{ proximity }} in ('relay', 'copy', 'aggregator', 'reference_work', 'commentary')
{%- endmacro %}


{# The order in which rival figures compete to be best, by the rule that the var `best_rule` names; RULES.md tells the reasons. #}
{% macro best_figure_first() -%}
    {%- set rule = var('best_rule') -%}
    {%- if rule == 'most_witnesses' -%}
        count(distinct witness_id) desc, figure asc
    {%- elif rule == 'latest_official' -%}
        max(case when is_official then said_from_date end) desc nulls last, figure asc
    {%- elif rule == 'lowest' -%}
        figure asc
    {%- else -%}
        {{ exceptions.raise_compiler_error("best_rule: '" ~ rule ~ "' is no rule. Write most_witnesses, latest_official or lowest.") }}
    {%- endif -%}
{%- endmacro %}


{# The bounds that follow from a figure and its qualifier; seeds/qualifiers.csv, joined as qualifiers, says which. best is the lower figure, unless the reports have one of their own. An unknown stays unknown. #}
{% macro bounds_of(reports, best=none) -%}
case qualifiers.low_from
            when 'figure' then {{ reports }}.figure_low
            when 'above_figure' then {{ reports }}.figure_low + 1
            when 'one' then 1
            when 'two' then 2
            when 'two_dozen' then 24
        end as low,
        case
            when qualifiers.low_from = 'above_figure' then {{ reports }}.figure_low + 1
            when qualifiers.high_from = 'below_figure' then {{ reports }}.figure_high - 1
            else {{ best or reports ~ '.figure_low' }}
        end as best,
        case qualifiers.high_from
            when 'figure' then {{ reports }}.figure_high
            when 'below_figure' then {{ reports }}.figure_high - 1
        end as high
{%- endmacro %}


{# A stated time as an interval in UTC: from the first instant, until the one after the last. A day without a clock is a day of UTC; an hour without its offset is unknown. #}
{% macro utc_from(date, time, offset) -%}
    {{- _utc_instant(date, time, offset, "coalesce(" ~ _minutes_of(time) ~ ", 0)") -}}
{%- endmacro %}

{% macro utc_until(date, time, offset) -%}
    {{- _utc_instant(date, time, offset, "coalesce(" ~ _minutes_of(time) ~ " + 1, 1440)") -}}
{%- endmacro %}

{% macro _utc_instant(date, time, offset, minutes) -%}
case when {{ time }} is null or {{ offset }} is not null then {{ plus_minutes("cast(" ~ date ~ " as timestamp)", minutes ~ " - coalesce(" ~ offset ~ ", 0)") }} end
{%- endmacro %}

{% macro _minutes_of(time) -%}
    cast(substring({{ time }}, 1, 2) as integer) * 60 + cast(substring({{ time }}, 4, 2) as integer)
{%- endmacro %}


{# A hash of all rows of a curated table, whatever their order: md5 over the sorted md5 of each row, NULL told from empty. #}
{% macro hash_of_rows(name) -%}
    {%- set cells = [] -%}
    {%- for column in columns_of(name) -%}
        {%- do cells.append("coalesce('=' || cast(" ~ column ~ " as " ~ dbt.type_string() ~ "), '-')") -%}
    {%- endfor -%}
    md5(coalesce({{ list_of("md5(concat(" ~ (cells | join(", '|', ")) ~ "))") if cells else "''" }}, ''))
{%- endmacro %}
