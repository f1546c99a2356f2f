-- Step 4, said by the law instead of the person: some things may not be offered by that channel at all.
{% macro rule_4_forbidden() -%}
    {{ return({'when': "regime = 'forbidden'", 'reason': "'forbidden'", 'basis': none, 'act': none}) }}
{%- endmacro %}
