-- The short name of a contact point, or of a mailbox however spelt: joining on numbers takes half the time and half
-- the memory of joining on texts, and a name that hangs on nothing but the value is the same in every build.
{% macro point_key(contact_type, value) -%}
    md5_number({{ contact_type }} || ':' || {{ value }})
{%- endmacro %}

-- A mailbox or a place however it is spelt; a number is spelt one way.
{% macro mailbox(contact_type, value) -%}
    case {{ contact_type }}
        when 'email' then {{ email_match(value) }}
        when 'post' then {{ post_match(value) }}
        else {{ value }}
    end
{%- endmacro %}

{% macro post_match(value) -%}
    regexp_replace(lower(strip_accents({{ value }})), '[^a-z0-9]+', ' ', 'g')
{%- endmacro %}
