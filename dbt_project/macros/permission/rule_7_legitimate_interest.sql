-- Step 7: the law asks for no yes, only that a no is heard.
{% macro rule_7_legitimate_interest() -%}
    {{ return({
        'when': "regime = 'opt_out'",
        'reason': "'legitimate_interest'", 'basis': "'legitimate_interest'", 'act': none,
    }) }}
{%- endmacro %}
