-- The given day a rule computes for: `lifecycle` or `permission`. No rule reads the clock.
--
-- Views about permission answer for any day: a reader sets it for its own connection, as `firsthand export` does
-- (`set variable permission_as_of = date '2026-12-01'`); a build goes by its var.
{% macro as_of(which) -%}
    {%- set given = "date '" ~ var(which ~ "_as_of") ~ "'" -%}
    {%- if which == 'permission' -%} coalesce(getvariable('permission_as_of')::date, {{ given }})
    {%- else -%} {{ given }}
    {%- endif -%}
{%- endmacro %}
