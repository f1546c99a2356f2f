-- FROM and WHERE of everybody who carries a value of this kind under this key: of all values, or in an increment of
-- those that a profile gained or lost (the CTE `moved_values`).
{% macro carriers(key, kind, is_full) -%}
    from {{ ref('int_profile_features') }}
    where key_{{ key }}
    {%- if is_full %} is not null
    {%- else %} in (select key from moved_values where kind = '{{ kind }}')
    {%- endif %}
{%- endmacro %}
