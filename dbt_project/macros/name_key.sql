-- A name as we compare it: no accents, no case, any punctuation is one space. `[^\p{L}]`: letters of
-- other scripts stay.
{% macro name_key(name) -%}
    nullif(trim(regexp_replace(lower(strip_accents({{ name }})), '[^\p{L}]+', ' ', 'g')), '')
{%- endmacro %}
