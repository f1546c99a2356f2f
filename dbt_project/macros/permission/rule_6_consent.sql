-- Step 6: their latest act is a yes that has not ended. An ended one counts as none at all (int_consent_said).
{% macro rule_6_consent() -%}
    {{ return({
        'when': 'yes_at is not null and coalesce(consent_ends_on > ' ~ as_of('permission') ~ ', true)',
        'reason': "'consent'", 'basis': "'consent'", 'act': 'yes_id', 'ends': 'consent_ends_on',
    }) }}
{%- endmacro %}
