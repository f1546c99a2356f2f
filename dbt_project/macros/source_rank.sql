-- How far a platform is believed when several say something of a person: the later in `survivorship.sources`,
-- the less; one that is not listed, least. Where nobody said so, as in a bare `dbt build`, all are believed alike.
{% macro source_rank(platform) -%}
    {%- set sources = var("survivorship")["sources"] -%}
    {%- if sources -%}
    case {{ platform }}
    {%- for source in sources %} when '{{ source }}' then {{ sources | length - loop.index0 }}{% endfor %} else 0 end
    {%- else -%}
    0
    {%- endif -%}
{%- endmacro %}
