{# Rows of the reports that lack their key or a required value, share their key with another, or have less than the least that a column allows. What is asked of each stands in the meta of its YAML; one scan a report asks for it all. #}
{%- set reports = [
    'about', 'actor_profiles', 'casualty_reports', 'civilian_harm_by_strike', 'disputed_facts',
    'dyad_timeline', 'escalation_chain', 'narratives', 'reaction_matrix', 'reactions_by_country',
    'source_agreement', 'targets_stated_and_reported', 'timeline', 'toll_over_time',
] + (['strike_in_context'] if imports() else []) %}
{%- for report in reports %}
{%- set node = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | selectattr('name', 'equalto', report) | first if execute else none -%}
{%- set key = node.config.meta.primary_key if node else ['1'] %}
select
    '{{ report }}' as report,
    cast({{ key[0] }} as {{ dbt.type_string() }}) as row_key
from (
    select
        *,
        count(*) over (partition by {{ key | join(', ') }}) as n_rows_with_key
    from {{ ref(report) }}
) as counted
where
    n_rows_with_key > 1
    {%- for column in (node.columns.values() if node else []) if column.name in key or column.config.meta.required %}
    or {{ column.name }} is null
    {%- endfor %}
    {%- for column in (node.columns.values() if node else []) if column.config.meta.minimum is defined %}
    or {{ column.name }} < {{ column.config.meta.minimum }}
    {%- endfor %}
{{ 'union all' if not loop.last }}
{%- endfor %}
