-- The ad platforms beside Meta: each has a model stg_<platform>__figures in the columns of spend, and one
-- stg_<platform>__reach where it tells the reach of a campaign.
{% macro ad_platforms() -%}
    {{ return([
        {'name': 'tiktok', 'has_reach': true},
        {'name': 'linkedin', 'has_reach': true},
        {'name': 'google_ads'},
        {'name': 'pinterest'},
    ]) }}
{%- endmacro %}
