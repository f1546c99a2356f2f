-- The given day a rule computes for: `lifecycle` or `permission`. No rule reads the clock.
--
-- Views answer for any day: a reader sets it for its own connection, as `firsthand export` and `firsthand funnel` do
-- (`set variable permission_as_of = date '2026-12-01'`); a build goes by its var.
{% macro as_of(which) -%}
    coalesce(getvariable('{{ which }}_as_of')::date, date '{{ var(which ~ "_as_of") }}')
{%- endmacro %}
