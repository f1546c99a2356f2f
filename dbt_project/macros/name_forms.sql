-- The forms under which somebody of this name may give it: the formal names of a nickname, each part of a
-- double name. Null where there is only the name itself, which is most of the time.
{% macro name_forms(name, formal_names) -%}
    case
        when {{ formal_names }} is not null or contains({{ name }}, ' ')
            then list_concat(
                [{{ name }}],
                coalesce({{ formal_names }}, []),
                -- a part shorter than three letters is a particle or an initial
                list_filter(string_split({{ name }}, ' '), lambda word: length(word) >= 3)
            )
    end
{%- endmacro %}
