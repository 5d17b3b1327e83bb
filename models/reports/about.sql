{# What this database is: one row with version, licence, how to cite it, and a hash of the record it was built from. #}
with
{%- for name in record_tables() %}

{{ name }}_hashed as (
    select
        '{{ name }}' as table_name,
        {{ hash_of_rows(name) }} as content_hash
    from {{ ref(name) }}
),
{%- endfor %}

tables_hashed as (
    {%- for name in record_tables() %}
    select * from {{ name }}_hashed
    {%- if not loop.last %}

    union all
{% endif %}
    {%- endfor %}
),

final as (
    select
        'Strike Ledger' as title,
        '{{ var('release') }}' as version,
        cast(nullif('{{ env_var("STRIKE_LEDGER_COMMIT", "") }}', '') as {{ dbt.type_string() }})
            as git_commit,
        '{{ var('sources') | join(', ') or 'all' }}' as sources_read,
        '{{ var('episodes') | join(', ') or 'all' }}' as episodes_read,
        '{{ var('best_rule') }}' as best_rule,
        'CC BY 4.0 (data), MIT (code)' as licence,
        'Strike Ledger, version {{ var('release') }}' as citation,
        md5({{ list_of("concat(table_name, content_hash)") }}) as content_hash
    from tables_hashed
)

select * from final
