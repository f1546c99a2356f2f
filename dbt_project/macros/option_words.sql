-- The words of what was chosen, a list: some ways tell a choice by the id of its option, others by its words.
{% macro option_words(chosen, options) -%}
    list_transform(
        from_json({{ chosen }}, '["VARCHAR"]'),
        lambda one: coalesce(list_filter({{ options }}, lambda offered: offered.id = one)[1].text, one)
    )
{%- endmacro %}
