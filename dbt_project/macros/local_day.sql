-- The company's calendar day of a moment: an order at 23:30 UTC is tomorrow's in Paris.
{% macro local_day(moment) -%}
    (({{ moment }}) at time zone '{{ var("time_zone") }}')::date
{%- endmacro %}
