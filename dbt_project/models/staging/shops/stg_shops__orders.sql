-- One row per order of any shop, guest checkouts and test orders included.
{{ config(materialized='view') }}

{% for shop in shops() %}
    {% if not loop.first %}union all by name{% endif %}
    select '{{ shop.name }}' as platform, * from {{ ref('stg_' ~ shop.name ~ '__orders') }}
{% endfor %}
