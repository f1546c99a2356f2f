-- The schema is the folder's word, without dbt's prefix: `marts.customers` is what a person guesses.
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name | trim if custom_schema_name else target.schema }}
{%- endmacro %}
