-- Two weeks: later a welcome is no welcome. Whoever bought for the first time is welcomed as a customer.
{% macro rule_welcome() -%}
    {%- set day = 'greatest(first_seen_on, coalesce(first_order_on, first_seen_on))' -%}
    {{ return({
        'when': day ~ ' > ' ~ as_of('lifecycle') ~ ' - 14 and order_count <= 1',
        'act': "'welcome'",
        'en': "case when order_count = 1 then 'bought for the first time on ' else 'new since ' end || "
            ~ plain_day(day, 'en'),
        'fr': "case when order_count = 1 then 'premier achat le ' else 'nouveau depuis le ' end || "
            ~ plain_day(day, 'fr'),
    }) }}
{%- endmacro %}
