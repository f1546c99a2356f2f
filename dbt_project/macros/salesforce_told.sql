-- A text of Salesforce's; what must be filled and is not known says so.
{% macro salesforce_told(expression) -%}
    nullif(nullif(trim({{ expression }}), ''), '[not provided]')
{%- endmacro %}
