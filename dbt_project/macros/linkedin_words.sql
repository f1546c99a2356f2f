-- The text of a wording as LinkedIn tells it, per language (a form has one), or plain.
{% macro linkedin_words(wording) -%}
    coalesce(
        ({{ wording }} ->> '$.localized.*')[1],
        case when json_type({{ wording }}) = 'VARCHAR' then {{ wording }} ->> '$' end
    )
{%- endmacro %}
