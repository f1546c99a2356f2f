-- True for an order of a shop that the company declared, from that day on, to offer own customers a way out and to
-- write to them of similar goods only (`permission.soft_opt_in` in firsthand.yaml).
{% macro is_declared_sale(platform, occurred_at) -%}
    (
        false
        {%- for shop in var('permission')['soft_opt_in'] if shop.similar_products and shop.optout_offered %}
        or ({{ platform }} = '{{ shop.platform }}' and {{ local_day(occurred_at) }} >= date '{{ shop.since }}')
        {%- endfor %}
    )
{%- endmacro %}
