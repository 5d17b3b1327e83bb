{# The documents read: all, or those that the var `sources` names. What rests on no other document falls away with it, table by table, down to the last claim. #}
select * from {{ ref('sources') }}
{%- if var('sources') %}
where source_id in ('{{ var('sources') | join("', '") }}')
{%- endif %}
