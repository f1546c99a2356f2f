-- 60 bits of a text's MD5 as a number: what stands for the text where tables are joined. DuckDB's own `hash` is no
-- digest: whoever likes to be taken for somebody else finds a second text of the same number.
{% macro digest(text) -%}
    (md5_number({{ text }}) >> 68)::bigint
{%- endmacro %}

-- A profile's short name inside identity/. Among five million profiles two share one with a chance of one in a hundred
-- thousand, and an assertion looks for it.
{% macro short_name(profile_id) -%}
    {{ digest(profile_id) }}
{%- endmacro %}
