-- Step 5: they said yes where a click in a mail has to confirm it, by law or because the tool itself waits for
-- it, and none came. A confirmation covers later yeses unless a no lies between.
{% macro rule_5_not_confirmed() -%}
    {{ return({
        'when': 'yes_at is not null and (double_opt_in or needs_confirmation)
            and not coalesce(confirmed_at > no_at, confirmed_at is not null)',
        'reason': "'not_confirmed'", 'basis': none, 'act': 'yes_id',
    }) }}
{%- endmacro %}
