{# Rows of a view that lack their key or a required value, or share their key with another. The key and what is required stand in the meta of the view; one scan checks them all. #}
{% test keyed(model) %}
{%- set node = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | selectattr('name', 'equalto', model.identifier) | first if execute else none -%}
{%- set key = node.config.meta.primary_key if node else ['1'] -%}
with

counted as (
    select
        *,
        count(*) over (partition by {{ key | join(', ') }}) as n_rows_with_key
    from {{ model }}
)

select *
from counted
where
    n_rows_with_key > 1
    {%- for column in (node.columns.values() if node else []) if column.name in key or column.config.meta.required %}
    or {{ column.name }} is null
    {%- endfor %}
    {%- for column in (node.columns.values() if node else []) if column.config.meta.minimum is defined %}
    or {{ column.name }} < {{ column.config.meta.minimum }}
    {%- endfor %}
{% endtest %}
