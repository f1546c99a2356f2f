-- Marts whose key is several columns: each combination once.
{{ config(meta={'dagster': {'ref': {'name': 'campaigns'}}}) }}
{% set grains = {
    'customer_fields': ['customer_id', 'field', 'value_rank'],
    'customer_stages': ['customer_id', 'axis', 'valid_from'],
    'account_stages': ['account_id', 'axis', 'valid_from'],
    'customer_permissions': ['customer_id', 'channel', 'purpose', 'contact_value'],
    'permissions_expiring': ['customer_id', 'channel', 'purpose', 'contact_value'],
    'consents': ['consent_act_id', 'customer_id', 'contact_value'],
    'campaign_costs': ['campaign_key', 'cost_date', 'currency'],
    'campaigns': ['platform', 'campaign_id', 'campaign_date'],
    'referrals': ['referrer_customer_id', 'referee_customer_id'],
    'value_cohorts': ['cohort_month', 'month_number'],
    'funnel_conversion': ['step_number', 'cohort_month'],
    'funnel_flow': ['month', 'stage'],
    'order_attribution': ['order_id'],
    'revenue_by_customer': ['customer_id', 'currency'],
} %}
{% for mart, grain in grains.items() %}
    select '{{ mart }}' as mart, concat_ws(' | ', {{ grain | join(', ') }}) as twice
    from {{ ref(mart) }}
    group by {{ grain | join(', ') }}
    having count(*) > 1
    {{ 'union all' if not loop.last }}
{% endfor %}
