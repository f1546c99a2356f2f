-- FROM and WHERE of everybody who carries a value under this key: of all values, or in an increment of those that a
-- profile gained or lost (the CTE `moved`), under this key or `also` that one. That it says `is not null` of what it
-- looks for makes DuckDB sift what it reads by a Bloom filter; of what nobody has filtered it makes none.
{% macro carriers(key, is_full, also=none) -%}
    from {{ ref('int_profile_features') }}
    where key_{{ key }}
    {%- if is_full %} is not null
    {%- else %} in (
        select key_{{ key }} from moved where key_{{ key }} is not null
        {%- if also %} union all select key_{{ also }} from moved where key_{{ also }} is not null {%- endif -%}
    )
    {%- endif %}
{%- endmacro %}
