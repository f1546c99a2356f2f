-- Step 4, for the person instead of the number: where the law says so (United States, and who knows where), a STOP
-- on one number ends texts and calls to every number of theirs, until a later yes on that number.
{% macro rule_4_stopped() -%}
    {{ return({
        'when': 'stopped_at is not null and coalesce(yes_at <= stopped_at, true)',
        'reason': "'stopped'", 'basis': none, 'act': 'stop_id',
    }) }}
{%- endmacro %}
