-- The text under a name that is data and may hold any sign: `$."…"` would break on a quote.
{% macro json_member(object, name) -%}
    json_extract_string({{ object }}, '/' || replace(replace({{ name }}, '~', '~0'), '/', '~1'))
{%- endmacro %}
