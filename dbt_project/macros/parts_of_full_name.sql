-- First and last name out of one field, a title left out: "Mme Marie de La Tour", "Durand, Marie".
{% macro untitled(name) -%}
    regexp_replace({{ name }}, '^\s*((m|mr|mme|mlle|mrs|ms|dr|me|prof|herr|frau|monsieur|madame)\.? +)?', '', 'i')
{%- endmacro %}

{% macro first_of_full_name(name) -%}
    case
        when contains({{ name }}, ',') then split_part({{ name }}, ',', 2)
        else regexp_extract({{ untitled(name) }}, '^(\S+)', 1)
    end
{%- endmacro %}

{% macro last_of_full_name(name) -%}
    case
        when contains({{ name }}, ',') then {{ untitled("split_part(" ~ name ~ ", ',', 1)") }}
        else nullif(regexp_extract({{ untitled(name) }}, '^\S+\s+(.*)$', 1), '')
    end
{%- endmacro %}
