-- How far a platform is believed when several say something of a person: the later in `survivorship.sources`,
-- the less; one that is not listed, least.
{% macro source_rank(platform) -%}
    {%- set sources = var("survivorship")["sources"] -%}
    case {{ platform }}
    {%- for source in sources %} when '{{ source }}' then {{ sources | length - loop.index0 }}{% endfor %} else 0 end
{%- endmacro %}
