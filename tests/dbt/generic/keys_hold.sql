{# Rows of a mart that break a key which the engine does not enforce, as none does where rows of other datasets are read, and Spark nowhere: a primary key that stands twice, a reference that leads nowhere, a value that is lacking. Elsewhere the engine refuses them. #}
{% test keys_hold(model) %}
{{ config(enabled=imports() != '' or target.type not in ('duckdb', 'postgres')) }}
{%- set models = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | list if execute else [] -%}
{%- for node in models if node.name == model.identifier %}
{%- for column in node.columns.values() %}
{%- for constraint in column.constraints %}
{%- if constraint.type == 'foreign_key' %}
{%- set other = models | selectattr('name', 'equalto', constraint.to.split("'")[1]) | first %}
select '{{ node.name }}.{{ column.name }} leads nowhere' as problem, here.{{ column.name }} as told
from {{ model }} as here
left join {{ other.relation_name }} as other on here.{{ column.name }} = other.{{ constraint.to_columns[0] }}
where here.{{ column.name }} is not null and other.{{ constraint.to_columns[0] }} is null
union all
{%- elif constraint.type == 'not_null' %}
select '{{ node.name }}.{{ column.name }} is lacking' as problem, null as told
from {{ model }}
where {{ column.name }} is null
union all
{%- endif %}
{%- endfor %}
{%- endfor %}
select '{{ node.name }} has its key twice' as problem, min({{ node.config.meta.primary_key[0] }}) as told
from {{ model }}
group by {{ node.config.meta.primary_key | join(', ') }}
having count(*) > 1
{%- else %}
select 1 as problem from {{ model }}
{%- endfor %}
{% endtest %}
