{# The rows of the record that break their declaration, compiled from the meta of every seed. One scan a table, and one more for each row rule; a row names table, key, column and problem. The corrections are held against the cells that they name, in each table whose key is one column. #}
{% macro violations_of_the_record() %}
{%- if not execute -%}
    select 1 as nothing where false
{%- else -%}
{%- set seeds = {} -%}
{%- for node in graph.nodes.values() if node.resource_type == 'seed' and node.name in record_tables() -%}
    {%- do seeds.update({node.name: node}) -%}
{%- endfor -%}
with
{% for name in record_tables() %}
{{ name }} as (
    select * from {{ seeds[name].relation_name }}
){{ "," if not loop.last }}
{% endfor %}
{%- set found = [] -%}
{%- for name in record_tables() -%}
    {%- set node = seeds[name] -%}
    {%- set key = node.config.meta.primary_key -%}
    {%- set checks = [] -%}
    {%- for column in node.columns.values() -%}
        {%- set meta = column.config.meta -%}
        {%- set value = 'this.' ~ column.name -%}
        {%- if meta.required -%}
            {%- do checks.append([column.name, 'is empty', value ~ ' is null']) -%}
        {%- endif -%}
        {%- if meta.minimum is defined -%}
            {%- do checks.append([column.name, 'is less than ' ~ meta.minimum, value ~ ' < ' ~ meta.minimum]) -%}
        {%- endif -%}
        {%- if meta.maximum is defined -%}
            {%- do checks.append([column.name, 'is more than ' ~ meta.maximum, value ~ ' > ' ~ meta.maximum]) -%}
        {%- endif -%}
        {%- if meta.pattern -%}
            {%- do checks.append([column.name, 'has another form', 'not ' ~ fits(value, meta.pattern)]) -%}
        {%- endif -%}
        {%- if meta.code_list -%}
            {%- do checks.append([column.name, 'is not in the list ' ~ meta.code_list,
                value ~ " not in (select codes.code from codes where codes.code_list = '" ~ meta.code_list ~ "')"]) -%}
        {%- endif -%}
        {%- if meta.references -%}
            {%- set target = meta.references.split('.') -%}
            {%- do checks.append([column.name, 'is not in ' ~ target[0],
                value ~ ' not in (select other.' ~ target[1] ~ ' from ' ~ target[0] ~ ' as other)']) -%}
        {%- endif -%}
        {%- if meta.references_table_in -%}
            {%- set where = meta.references_table_in -%}
            {%- set branches = [] -%}
            {%- for other in record_tables() if seeds[other].config.meta.primary_key | length == 1 -%}
                {%- do branches.append('(this.' ~ where ~ " = '" ~ other ~ "' and " ~ value ~ ' in (select other.' ~ seeds[other].config.meta.primary_key[0] ~ ' from ' ~ other ~ ' as other))') -%}
            {%- endfor -%}
            {%- do checks.append([column.name, 'is not in the table named in ' ~ where, 'not (' ~ branches | join(' or ') ~ ')']) -%}
        {%- endif -%}
        {%- if meta.acyclic is true -%}
            {%- do checks.append([column.name, 'leads back to itself', value ~ ' = this.' ~ key[0]]) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for columns in [key, node.config.meta.unique_together or []] if columns -%}
        {%- do checks.append([columns[-1], 'stands more than once', 'count(*) over (partition by this.' ~ columns | join(', this.') ~ ') > 1 and this.' ~ columns | join(' is not null and this.') ~ ' is not null']) -%}
    {%- endfor -%}
    {%- set flags, told, any = [], [], [] -%}
    {%- for column, problem, condition in checks -%}
        {%- set flag = 'breaks_' ~ loop.index -%}
        {%- do flags.append('(' ~ condition ~ ') as ' ~ flag) -%}
        {%- do told.append('case when ' ~ flag ~ " then '" ~ column ~ ' ' ~ problem ~ "; ' else '' end") -%}
        {%- do any.append(flag) -%}
    {%- endfor -%}
    {%- do found.append("select '" ~ name ~ "' as table_name, row_key, concat(" ~ told | join(', ') ~ ", '') as problems from (select this." ~ key[0] ~ ' as row_key, ' ~ flags | join(', ') ~ ' from ' ~ name ~ ' as this) as flagged where ' ~ any | join(' or ')) -%}
    {%- for rule in node.config.meta.rules or [] -%}
        {%- do found.append("select '" ~ name ~ "' as table_name, this." ~ key[0] ~ " as row_key, '" ~ rule.column ~ ': ' ~ rule.remedy | replace("'", "''") ~ "' as problems from " ~ name ~ ' as this where not (' ~ rule.holds ~ ')') -%}
    {%- endfor -%}
{%- endfor %}
{%- set holding = [] -%}
{%- for name in record_tables() if seeds[name].config.meta.primary_key | length == 1 -%}
    {%- set key = seeds[name].config.meta.primary_key[0] -%}
    {%- set cells = [] -%}
    {%- for column, type in seeds[name].config.column_types.items() if column != key -%}
        {%- do cells.append("when latest.column_name = '" ~ column ~ "' then this." ~ column ~ ' is not distinct from cast(latest.new_value as ' ~ api.Column.translate_type(type) ~ ')') -%}
    {%- endfor -%}
    {%- set taken_out = "(select corrected_id from corrections where corrected_table = '" ~ name ~ "' and column_name = '" ~ key ~ "')" -%}
    {%- do holding.append('select latest.correction_id from corrections as latest left join ' ~ name ~ ' as this on latest.corrected_id = this.' ~ key ~ " where latest.corrected_table = '" ~ name ~ "' and case when latest.column_name = '" ~ key ~ "' then this." ~ key ~ ' is null and latest.old_value = latest.corrected_id and latest.new_value is null when this.' ~ key ~ ' is null then latest.corrected_id in ' ~ taken_out ~ ' ' ~ cells | join(' ') ~ ' else false end') -%}
{%- endfor -%}
{#- Only the latest correction of a cell speaks of the present; the rules bind the earlier ones to it. -#}
{%- do found.append("select 'corrections' as table_name, correction_id as row_key, 'new_value is not what the record holds' as problems from corrections where (corrected_table, corrected_id, column_name, corrected_date) in (select corrected_table, corrected_id, column_name, max(corrected_date) from corrections group by corrected_table, corrected_id, column_name) and correction_id not in (" ~ holding | join(' union all ') ~ ')') %}
{{ found | join('\nunion all\n') }}
{%- endif -%}
{% endmacro %}
