-- The given day a rule computes for: `lifecycle` or `permission`. No rule reads the clock.
{% macro as_of(which) -%}
    date '{{ var(which ~ "_as_of") }}'
{%- endmacro %}
