-- A profile's short name inside identity/: the first 60 bits of the digest its own number is made of. Among five
-- million profiles two share one with a chance of one in a hundred thousand, and an assertion looks for it.
{% macro short_name(profile_id) -%}
    ('0x' || substr(md5({{ profile_id }} || ':' || 0), 1, 15))::bigint
{%- endmacro %}
