{# Rows of the marts that break a key which the engine does not enforce, as none does where rows of other datasets are read, and Spark nowhere: a primary key that stands twice, a reference that leads nowhere, a value that is lacking. Elsewhere the engine refuses them. #}
{{ config(enabled=imports() != '' or target.type not in ('duckdb', 'postgres')) }}
{%- set marts = [
    'dim_actors', 'dim_locations', 'dim_sources', 'fct_actor_relations', 'fct_acts',
    'fct_casualties', 'fct_citations', 'fct_claims', 'fct_damage', 'fct_event_actors',
    'fct_event_links', 'fct_events', 'fct_munitions', 'fct_propositions', 'fct_response_actors',
    'fct_response_states', 'fct_responses', 'fct_statements',
] %}
{%- for mart in marts %}
-- depends_on: {{ ref(mart) }}
{%- endfor %}
{%- if execute %}
{%- for mart in marts %}
{%- set node = graph.nodes.values() | selectattr('name', 'equalto', mart) | first %}
{%- for column in node.columns.values() %}
{%- for constraint in column.constraints %}
{%- if constraint.type == 'foreign_key' %}
{%- set other = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | selectattr('name', 'equalto', constraint.to.split("'")[1]) | first %}
select '{{ node.name }}.{{ column.name }} leads nowhere' as problem, here.{{ column.name }} as told
from {{ node.relation_name }} as here
left join {{ other.relation_name }} as other on here.{{ column.name }} = other.{{ constraint.to_columns[0] }}
where here.{{ column.name }} is not null and other.{{ constraint.to_columns[0] }} is null
union all
{%- elif constraint.type == 'not_null' %}
select '{{ node.name }}.{{ column.name }} is lacking' as problem, null as told
from {{ node.relation_name }}
where {{ column.name }} is null
union all
{%- endif %}
{%- endfor %}
{%- endfor %}
select '{{ node.name }} has its key twice' as problem, min({{ node.config.meta.primary_key[0] }}) as told
from {{ node.relation_name }}
group by {{ node.config.meta.primary_key | join(', ') }}
having count(*) > 1
union all
{%- endfor %}
{%- endif %}
select event_id as problem, event as told
from {{ ref('fct_events') }}
where false
