-- Lower case, no accents, runs of anything else one space; what is plain already is not rewritten.
{% macro plain_words(text, plain, other) -%}
    {%- set folded = "lower(strip_accents(" ~ text ~ "))" -%}
    case
        when regexp_full_match({{ folded }}, '{{ plain }}') then {{ folded }}
        else nullif(trim(regexp_replace({{ folded }}, '{{ other }}', ' ', 'g')), '')
    end
{%- endmacro %}
