-- A profile's short name inside identity/: 60 bits of a digest. Among five million profiles two share one with a
-- chance of one in a hundred thousand, and an assertion looks for it. Another version of DuckDB may digest
-- otherwise, and then everybody is computed anew.
{% macro short_name(profile_id) -%}
    (hash({{ profile_id }}) >> 4)::bigint
{%- endmacro %}
