-- A third of all buyers come back once, and more than half of those again: the second purchase is the narrow door.
{% macro rule_second_purchase() -%}
    {{ return({
        'when': "commercial_stage = 'first_time_customer' and activity in ('active', 'at_risk')",
        'act': "'second_purchase'",
        'en': "'bought once, on ' || " ~ plain_day('last_order_on', 'en'),
        'fr': "'un seul achat, le ' || " ~ plain_day('last_order_on', 'fr'),
    }) }}
{%- endmacro %}
