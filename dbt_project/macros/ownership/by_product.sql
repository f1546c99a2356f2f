-- Rows of a product number and what the company says of it, as the body of a `values`.
{% macro by_product(told) -%}
    {% for sku in told -%}
        ('{{ sku | replace("'", "''") }}', {{ told[sku] }}){{ ',' if not loop.last }}
    {% endfor %}
{%- endmacro %}
