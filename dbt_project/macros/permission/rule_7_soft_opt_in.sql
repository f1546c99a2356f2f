-- Step 7: an own customer, who was offered a way out when they bought, may hear of similar goods (ePrivacy
-- directive, art. 13(2)). Which sales prove it, consent__soft_opt_in says.
{% macro rule_7_soft_opt_in() -%}
    {{ return(implied('soft_opt_in', 'soft_opt_in_on', 'soft_opt_in_months', 'soft_opt_in_id')) }}
{%- endmacro %}
