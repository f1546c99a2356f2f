-- Step 7: the law takes a question for a yes, for a shorter while (CASL, section 10(10)).
{% macro rule_7_implied_inquiry() -%}
    {{ return(implied('implied_inquiry', 'inquiry_on', 'inquiry_months', 'inquiry_id')) }}
{%- endmacro %}
