-- The number a profile has of its own from the day it arrives: a UUID (version 8, "computed our way") of
-- its profile id. (The zero is part of every number ever given out.)
{% macro own_number(profile_id) -%}
    {%- set digest = "md5(" ~ profile_id ~ " || ':0')" -%}
    {#- Of nothing only what stands between is left. Asked first (`case`), the digest would be made five times over:
    DuckDB makes once what is written several times, but not within a case. #}
    nullif(
        concat(
            left({{ digest }}, 8), '-', substr({{ digest }}, 9, 4), '-8', substr({{ digest }}, 14, 3), '-a',
            substr({{ digest }}, 18, 3), '-', right({{ digest }}, 12)
        ),
        '--8-a-'
    )
{%- endmacro %}
