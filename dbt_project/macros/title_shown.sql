-- The title of a question in a form as it was shown: `shown` is a list of {ref, title}.
{% macro title_shown(shown, ref) -%}
    list_filter({{ shown }}, lambda field: field.ref = {{ ref }})[1].title
{%- endmacro %}
