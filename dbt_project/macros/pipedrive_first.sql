-- The address or number that Pipedrive calls the primary one, else the first.
{% macro pipedrive_first(list) -%}
    coalesce(list_filter({{ list }}, lambda one: one['primary'] = 'true')[1]['value'], {{ list }}[1]['value'])
{%- endmacro %}
