-- A name as we compare it: no accents, no case, any punctuation is one space. `[^\p{L}]`: letters of
-- other scripts stay.
{% macro name_key(name) -%}
    {{ plain_words(name, '[a-z]+', '[^\p{L}]+') }}
{%- endmacro %}
