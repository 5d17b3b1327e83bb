{# The tables of the record and of the vocabulary. A test compares the list with the folders. #}
{% macro record_tables() -%}
    {{ return([
        'action_crosswalk', 'actor_relations', 'actors', 'casualties', 'citations', 'claims',
        'codes', 'corrections', 'countries', 'damage', 'episodes', 'event_actors', 'event_links',
        'events', 'identifiers', 'languages', 'locations', 'munitions', 'names', 'passages',
        'pcodes', 'propositions', 'qualifiers', 'response_actors', 'response_events',
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


{# A hash of all rows of a curated table, whatever their order: md5 over the sorted md5 of each row, NULL told from empty. #}
{% macro hash_of_rows(name) -%}
    {%- set node = graph.nodes.values() | selectattr('resource_type', 'equalto', 'seed') | selectattr('name', 'equalto', name) | first if execute else none -%}
    {%- set cells = [] -%}
    {%- for column in (node.config.column_types if node else []) -%}
        {%- do cells.append("coalesce('=' || cast(" ~ column ~ " as " ~ dbt.type_string() ~ "), '-')") -%}
    {%- endfor -%}
    md5(coalesce({{ list_of("md5(concat(" ~ (cells | join(", '|', ")) ~ "))") if cells else "''" }}, ''))
{%- endmacro %}
