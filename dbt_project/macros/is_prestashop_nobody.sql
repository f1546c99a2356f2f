-- Is this customer the one whom the shop's own GDPR modules give the orders of everybody they erased?
{% macro is_prestashop_nobody(payload) -%}
    (
        coalesce(lower({{ payload }} ->> '$.email'), '') in ('anonymous@psgdpr.com', 'anonymous@anonymous.com')
        or ends_with(coalesce(lower({{ payload }} ->> '$.email'), ''), '@pslegalassistant.com')
    )
{%- endmacro %}
