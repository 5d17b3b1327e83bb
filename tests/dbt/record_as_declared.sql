{# The record in the database keeps what its YAML declares: not null, unique keys, limits, closed lists, references (also to itself and to one of several tables), row rules, and corrections that say what their cells hold. The checker says the same before loading; this says it of what was loaded, on every engine, in one scan per table and one more per row rule. #}
-- depends_on: {{ ref('about') }}
{{ violations_of_the_record() }}
