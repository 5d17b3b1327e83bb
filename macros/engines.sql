{# What differs between engines, one macro each with a branch per engine. #}

{# A curated table keeps the schema it is given; the reports have none and live in the target's own. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name if custom_schema_name else target.schema }}
{%- endmacro %}


{# Seed columns are declared as string, integer, date ...; each engine gets its own word for it. #}
{% macro default__create_csv_table(model, agate_table) %}
    {%- set types = model['config']['column_types'] -%}
    {%- set sql -%}
        create table {{ this.render() }} (
            {%- for name in agate_table.column_names %}
            {{ name }} {{ api.Column.translate_type(types[name]) }} {%- if not loop.last %},{% endif %}
            {%- endfor %}
        )
    {%- endset -%}
    {% call statement('_') %}{{ sql }}{% endcall %}
    {{ return(sql) }}
{% endmacro %}


{# Spark's own adapter writes an empty cell as the text None and lets an apostrophe end a text, so the rows are written out here. They come as texts, since every column has a declared type. #}
{% macro spark__load_csv_rows(model, agate_table) %}
    {%- set types = model['config']['column_types'] -%}
    {%- set casts = [] -%}
    {%- for name in agate_table.column_names -%}
        {%- do casts.append('cast(' ~ name ~ ' as ' ~ api.Column.translate_type(types[name]) ~ ')') -%}
    {%- endfor -%}
    {%- set statements = [] -%}
    {%- for chunk in agate_table.rows | batch(get_batch_size()) -%}
        {%- set rows = [] -%}
        {%- for row in chunk -%}
            {%- set cells = [] -%}
            {%- for cell in row -%}
                {%- do cells.append('null' if cell is none else "'" ~ cell | replace('\\', '\\\\') | replace("'", "\\'") ~ "'") -%}
            {%- endfor -%}
            {%- do rows.append('(' ~ cells | join(', ') ~ ')') -%}
        {%- endfor -%}
        {%- do statements.append('insert into ' ~ this.render() ~ ' select ' ~ casts | join(', ') ~ ' from values ' ~ rows | join(', ') ~ ' as cells (' ~ agate_table.column_names | join(', ') ~ ')') -%}
        {%- do adapter.add_query(statements[-1], abridge_sql_log=True) -%}
    {%- endfor -%}
    {{ return(statements[0]) }}
{% endmacro %}


{# Spark's own adapter would ask for keys that only Delta tables keep; the other engines enforce them. #}
{% macro spark__persist_constraints(relation, model) %}
{% endmacro %}


{# Without keys where rows of other datasets are read: a foreign key over millions of rows takes longer than all the rest, so tests/dbt/keys_hold.sql asks for them there. #}
{% macro duckdb__get_table_columns_and_constraints() -%}
    {%- if not imports() -%}
        {{ return(table_columns_and_constraints()) }}
    {%- endif -%}
    (
    {%- for column in model.columns.values() %}
        {{ column.name }} {{ column.data_type }}{{ "," if not loop.last }}
    {%- endfor %}
    )
{%- endmacro %}


{# What was imported for a table: Parquet in a folder of its own, which may be partitioned by dataset, year and country. PostgreSQL reads no Parquet and takes tables of a schema of that name. #}
{% macro imported_rows(name) -%}
    {{ adapter.dispatch('imported_rows', 'strike_ledger')(name) }}
{%- endmacro %}

{% macro default__imported_rows(name) -%}
    read_parquet('{{ imports() }}/{{ name }}/**/*.parquet', hive_partitioning = false)
{%- endmacro %}

{% macro postgres__imported_rows(name) -%}
    {{ imports() }}.{{ name }}
{%- endmacro %}

{# Spark would read columns out of the names of the folders, and the place of an event over the country of the row; folders of several depths it would refuse. #}
{% macro spark__imported_rows(name) -%}
    parquet.`{{ imports() }}/{{ name }}` with (recursiveFileLookup = true)
{%- endmacro %}


{# A text to be sorted by its bytes, so that every engine gives the same order whatever its language. DuckDB has no other order; PostgreSQL sorts as its database was set up. #}
{% macro bytewise(expression) -%}
    {{ adapter.dispatch('bytewise', 'strike_ledger')(expression) }}
{%- endmacro %}

{% macro default__bytewise(expression) -%}
    {{ expression }}
{%- endmacro %}

{% macro postgres__bytewise(expression) -%}
    ({{ expression }}) collate "C"
{%- endmacro %}


{# One text out of many, each value once, in alphabetical order. #}
{% macro list_of(expression, separator='; ') -%}
    {{ adapter.dispatch('list_of', 'strike_ledger')(expression, separator) }}
{%- endmacro %}

{# DuckDB sorts within an aggregate several times as slowly as it sorts a list. #}
{% macro duckdb__list_of(expression, separator) -%}
    nullif(array_to_string(list_sort(list_distinct(list({{ expression }}))), '{{ separator }}'), '')
{%- endmacro %}

{% macro default__list_of(expression, separator) -%}
    string_agg(distinct {{ bytewise(expression) }}, '{{ separator }}' order by {{ bytewise(expression) }})
{%- endmacro %}

{% macro spark__list_of(expression, separator) -%}
    array_join(nullif(array_sort(collect_set({{ expression }})), cast(array() as array<string>)), '{{ separator }}')
{%- endmacro %}


{# The number of days from one date to another. #}
{% macro days_between(earlier, later) -%}
    {{ adapter.dispatch('days_between', 'strike_ledger')(earlier, later) }}
{%- endmacro %}

{% macro default__days_between(earlier, later) -%}
    ({{ later }} - {{ earlier }})
{%- endmacro %}

{% macro spark__days_between(earlier, later) -%}
    datediff({{ later }}, {{ earlier }})
{%- endmacro %}


{# PostgreSQL plans a join by the statistics of its tables, which it gathers a minute later by itself: without them it compares each row of a table that is new with each of another. #}
{% macro postgres__create_indexes(relation) -%}
    {%- do run_query('analyze ' ~ relation) -%}
{%- endmacro %}


{# Whether a text fits a regular expression from end to end, where \d is 0 to 9 and no other digit. #}
{% macro fits(expression, pattern) -%}
    {{ adapter.dispatch('fits', 'strike_ledger')(expression, pattern) }}
{%- endmacro %}

{% macro default__fits(expression, pattern) -%}
    regexp_full_match({{ expression }}, '{{ pattern }}')
{%- endmacro %}

{% macro postgres__fits(expression, pattern) -%}
    {{ bytewise(expression) }} ~ '^(?:{{ pattern }})$'
{%- endmacro %}

{% macro spark__fits(expression, pattern) -%}
    {{ expression }} rlike r'\A(?:{{ pattern }})\z'
{%- endmacro %}


{# The minutes from one instant to another. #}
{% macro minutes_between(earlier, later) -%}
    {{ adapter.dispatch('minutes_between', 'strike_ledger')(earlier, later) }}
{%- endmacro %}

{% macro default__minutes_between(earlier, later) -%}
    date_diff('minute', {{ earlier }}, {{ later }})
{%- endmacro %}

{% macro postgres__minutes_between(earlier, later) -%}
    cast(extract(epoch from {{ later }} - {{ earlier }}) / 60 as integer)
{%- endmacro %}

{% macro spark__minutes_between(earlier, later) -%}
    timestampdiff(minute, {{ earlier }}, {{ later }})
{%- endmacro %}


{# An instant some minutes later, or earlier where they are negative. #}
{% macro plus_minutes(instant, minutes) -%}
    {{ adapter.dispatch('plus_minutes', 'strike_ledger')(instant, minutes) }}
{%- endmacro %}

{% macro default__plus_minutes(instant, minutes) -%}
    {{ instant }} + ({{ minutes }}) * interval '1 minute'
{%- endmacro %}

{% macro spark__plus_minutes(instant, minutes) -%}
    timestampadd(minute, {{ minutes }}, {{ instant }})
{%- endmacro %}


{# The kilometres from the point of one row to that of another, by the haversine formula on a globe of 6371 km radius: right to half a per cent. #}
{% macro km_between(one, other) -%}
    2 * 6371 * asin(sqrt(power(sin(radians({{ other }}.latitude - {{ one }}.latitude) / 2), 2) + cos(radians({{ one }}.latitude)) * cos(radians({{ other }}.latitude)) * power(sin(radians({{ other }}.longitude - {{ one }}.longitude) / 2), 2)))
{%- endmacro %}


{# DuckDB takes the cells of a column as one list. The adapter's own macro asks another one for the placeholder of each cell, which took longer than the rest of the build. #}
{% macro duckdb__load_csv_rows(model, agate_table) %}
    {%- set lists, cells = [], [] -%}
    {%- for column in agate_table.columns -%}
        {%- do lists.append(column.values() | list) -%}
        {%- do cells.append('unnest(?::varchar[])') -%}
    {%- endfor -%}
    {%- set sql = 'insert into ' ~ this.render() ~ ' (' ~ agate_table.column_names | join(', ') ~ ') select ' ~ cells | join(', ') -%}
    {%- do adapter.add_query(sql, bindings=lists, abridge_sql_log=True) -%}
    {{ return(sql) }}
{% endmacro %}


{# The comments of a table or view and of its columns go to DuckDB in one piece. The adapter asks twice which columns there are; here one that is declared and not there is an error. #}
{% macro duckdb__persist_docs(relation, model, for_relation, for_columns) -%}
    {%- do run_query(comments_on(relation, model)) -%}
{%- endmacro %}

{% macro comments_on(relation, model) %}
comment on {{ relation.type }} {{ relation }} is {{ duckdb_escape_comment(model.description) }};
    {%- for column in model.columns.values() %}
comment on column {{ relation }}.{{ column.name }} is {{ duckdb_escape_comment(column.description) }};
    {%- endfor %}
{% endmacro %}


{# What is not there yet is made in its place, in one piece with its comments. The adapter makes it beside an older one and changes their names, which is left to it where there is an older one. #}
{% materialization table, adapter='duckdb' %}
    {{ return(dbt.materialization_table_duckdb() if load_cached_relation(this) else made_in_place('table')) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {{ return(dbt.materialization_view_default() if load_cached_relation(this) else made_in_place('view')) }}
{% endmaterialization %}

{% macro made_in_place(type) %}
    {%- set relation = this.incorporate(type=type) -%}
    {% call statement('main') %}
        {{ create_view_as(relation, sql) if type == 'view' else create_table_as(false, relation, sql) }}
        {{ comments_on(relation, model) }}
    {% endcall %}
    {%- do adapter.commit() -%}
    {{ return({'relations': [relation]}) }}
{% endmacro %}
