-- Which platform is believed first when several say something of a person: those that deliver to them,
-- then those they write to, then forms, then lists.
{% macro source_rank(platform) -%}
    case {{ platform }} when 'shopify' then 5 when 'brevo' then 4 when 'typeform' then 3 when 'meta' then 2 else 1 end
{%- endmacro %}
