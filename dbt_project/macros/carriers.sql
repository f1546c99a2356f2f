-- The FROM clause over everybody who carries a value: all values, or in an increment those that a profile
-- gained or lost (of the CTE `moved`), which then have a row even where nobody is left on them. Values with
-- fewer carriers than `least_count` may be left out.
{% macro carriers(columns, is_full, least_count=1) -%}
    {%- set present = columns | join(' is not null and ') ~ ' is not null' -%}
    {%- if is_full -%}
    (
        select *{% for column in columns %}, {{ column }} as key_{{ loop.index }}{% endfor %}
        from {{ ref('int_profile_features') }} where {{ present }}
        {% if least_count > 1 -%}
        and {{ columns[0] }} in (
            select {{ columns[0] }} from {{ ref('int_profile_features') }} group by 1 having count(*) >= {{ least_count }}
        )
        {%- endif %}
    )
    {%- else -%}
    (
        select carrier.*{% for column in columns %}, moved_keys.key_{{ loop.index }}{% endfor %}
        from (
            select distinct {% for column in columns %}{{ column }} as key_{{ loop.index }}{{ ', ' if not loop.last }}{% endfor %}
            from moved where {{ present }}
        ) as moved_keys
        left join {{ ref('int_profile_features') }} as carrier
            on {% for column in columns %}{{ 'and ' if not loop.first }}carrier.{{ column }} = moved_keys.key_{{ loop.index }} {% endfor %}
    )
    {%- endif -%}
{%- endmacro %}
