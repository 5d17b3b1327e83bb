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
    string_agg(distinct {{ bytewise(expression) }}, '{{ separator }}' order by {{ bytewise(expression) }})
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
