{# A document or an episode that the vars `sources` and `episodes` name and that is not there: a mistyped key would build views of nothing. #}
{% for table, chosen in [('sources', var('sources')), ('episodes', var('episodes'))] %}
{%- for key in chosen %}
select '{{ key }}' as not_known
where '{{ key }}' not in (select here.{{ table[:-1] }}_id from {{ record(table) }} as here)
union all
{%- endfor %}
{%- endfor %}
select source_id as not_known
from {{ ref('sources') }}
where false
