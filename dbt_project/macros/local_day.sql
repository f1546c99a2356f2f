-- The company's calendar day of a moment: an order at 23:30 UTC is tomorrow's in Paris.
{% macro local_day(moment) -%}
    (({{ moment }}) at time zone '{{ var("time_zone") }}')::date
{%- endmacro %}

-- The first and the last moment of that day.
{% macro start_of_local_day(moment) -%}
    {{ local_day(moment) }}::timestamp at time zone '{{ var("time_zone") }}'
{%- endmacro %}

{% macro end_of_local_day(moment) -%}
    ({{ local_day(moment) }} + interval 1 day - interval 1 microsecond) at time zone '{{ var("time_zone") }}'
{%- endmacro %}

-- Whether a moment lies on the given day or before. As local_day(moment) <= day, without turning each moment
-- into a day: that would take longer than all the rest of a question.
{% macro has_come(moment, day) -%}
    ({{ moment }}) < (({{ day }} + 1)::timestamp at time zone '{{ var("time_zone") }}')
{%- endmacro %}
