-- A street, town or company as compared: no accents, no case, any punctuation is one space.
{% macro place_key(text) -%}
    {{ plain_words(text, '[a-z0-9]+( [a-z0-9]+)*', '[^\p{L}\p{N}]+') }}
{%- endmacro %}
