-- Where people's reviews of us are kept; `files` is what no tool tells. A new one is a word here, its model
-- stg_<tool>__reviews.
{% macro review_tools() -%}
    {{ return(['files', 'yotpo', 'trustpilot']) }}
{%- endmacro %}
