-- The first answer given to any of these questions of a Meta form, null where it is empty. `answers` is
-- the typed list of {name, values}.
{% macro meta_answer(answers, names) -%}
    nullif(trim(list_filter(
        {{ answers }}, lambda answer: answer.name in ({% for name in names %}'{{ name }}'{{ ', ' if not loop.last }}{% endfor %})
    )[1]['values'][1]), '')
{%- endmacro %}
