{# A document that the var `sources` names and the record does not have: a mistyped key would build views of nothing. #}
{% for source in var('sources') %}
select '{{ source }}' as source_id
where '{{ source }}' not in (select sources.source_id from {{ ref('sources') }} as sources)
{{ "union all" }}
{% endfor %}
select source_id
from {{ ref('sources') }}
where false
