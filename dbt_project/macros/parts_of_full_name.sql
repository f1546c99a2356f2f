-- First and last name out of one field, a title left out: "Mme Marie de La Tour", "Durand, Marie". Everything else is
-- read as first name first; where that is wrong the comparison still finds it, for it looks at both orders.
{% macro untitled(name) -%}
    regexp_replace({{ name }}, '^\s*((m|mr|mme|mlle|mrs|ms|dr|me|prof|herr|frau|monsieur|madame)\.? +)?', '', 'i')
{%- endmacro %}

-- How long the first word is where nothing stands before it and no comma behind, as in most; else null.
{% macro length_of_first_word(name) -%}
    case
        when
            contains({{ name }}, ',')
            or regexp_matches({{ name }}, '^\s|^\S*\t|^(?i:m|mr|mme|mlle|mrs|ms|dr|me|prof|herr|frau|monsieur|madame)\.? ')
            then null
        when contains({{ name }}, ' ') then instr({{ name }}, ' ') - 1
        else length({{ name }})
    end
{%- endmacro %}

-- `length`: as length_of_first_word found it.
{% macro first_of_full_name(name, length) -%}
    case
        when {{ length }} is not null then left({{ name }}, {{ length }})
        when contains({{ name }}, ',') then split_part({{ name }}, ',', 2)
        else regexp_extract({{ untitled(name) }}, '^(\S+)', 1)
    end
{%- endmacro %}

{% macro last_of_full_name(name, length) -%}
    case
        when {{ length }} is not null then nullif({{ name }}[{{ length }} + 2:], '')
        when contains({{ name }}, ',') then {{ untitled("split_part(" ~ name ~ ", ',', 1)") }}
        else nullif(regexp_extract({{ untitled(name) }}, '^\S+\s+(.*)$', 1), '')
    end
{%- endmacro %}
