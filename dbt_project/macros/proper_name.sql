-- A name as one would write it, where it was typed all in small letters or all in capitals; any other
-- spelling is the person's own.
{% macro proper_name(name) -%}
    case
        when {{ name }} = lower({{ name }}) or {{ name }} = upper({{ name }})
            then array_to_string(list_transform(
                string_split(lower({{ name }}), ' '),
                lambda word: array_to_string(
                    list_transform(string_split(word, '-'), lambda part: upper(part[1]) || part[2:]), '-'
                )
            ), ' ')
        else {{ name }}
    end
{%- endmacro %}
