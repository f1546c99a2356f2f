-- Step 2: they objected as a person, on this point or another of theirs, and no later yes of their own lifts it
-- here. An objection to direct marketing is absolute and needs no reason (GDPR art. 21).
{% macro rule_2_objected() -%}
    {{ return({
        'when': 'objected_at is not null and coalesce(yes_at <= objected_at, true)',
        'reason': "'objected'", 'basis': none, 'act': 'objection_id',
    }) }}
{%- endmacro %}
