-- One row per ad and day, in the columns of spend, and one per campaign and day for what no ad of it accounts for:
-- some campaigns spend without ads. As Google reports it today (figures move for weeks); what is zero is left out.
-- Google tells no reach per day.
{{ config(materialized='view') }}

{% set figure = "coalesce(try_cast(payload ->> '$.metrics.%s' as bigint), 0)" %}

with days as (
    {% for stream in ('ad_days', 'campaign_days') %}
        {% if not loop.first %}union all{% endif %}
        select
            _account as account,
            -- as it is named now: what was renamed is so for its past too
            payload ->> '$.campaign.id' as campaign_id,
            payload ->> '$.campaign.name' as campaign_name,
            payload ->> '$.adGroup.id' as adset_id,
            payload ->> '$.adGroup.name' as adset_name,
            payload ->> '$.adGroupAd.ad.id' as ad_id,
            payload ->> '$.adGroupAd.ad.name' as ad_name,
            -- the account's own day and money
            try_cast(payload ->> '$.segments.date' as date) as spend_date,
            payload ->> '$.customer.currencyCode' as currency,
            {{ figure % 'costMicros' }} as cost_in_micros,
            {{ figure % 'impressions' }} as impressions,
            -- what people did with an ad besides following it
            {{ figure % 'engagements' }} as interactions,
            {{ figure % 'clicks' }} as clicks,
            -- A conversion may be shared between ads.
            coalesce(try_cast(payload ->> '$.leads' as decimal(18, 2)), 0) as leads,
            {{ 'true' if stream == 'ad_days' else 'false' }} as is_ad
        from {{ latest(source('raw_google_ads', stream)) }}
    {% endfor %}
),

-- Of each campaign and day, less what its ads account for.
others as (
    select
        account,
        campaign_id,
        max(campaign_name) as campaign_name,
        null::varchar as adset_id,
        null::varchar as adset_name,
        null::varchar as ad_id,
        null::varchar as ad_name,
        spend_date,
        max(currency) as currency,
        {% for name in ('cost_in_micros', 'impressions', 'interactions', 'clicks', 'leads') -%}
            sum(if(is_ad, -{{ name }}, {{ name }})) as {{ name }},
        {% endfor %}
        false as is_ad
    from days
    group by account, campaign_id, spend_date
    -- A campaign that was not read yet is no refund.
    having bool_or(not is_ad) and sum(if(is_ad, -cost_in_micros, cost_in_micros)) >= 0
),

told as (
    select * from days
    where is_ad
    union all by name
    select * from others
    where cost_in_micros > 0 or impressions > 0 or clicks > 0 or leads > 0
)

select
    account,
    campaign_id,
    campaign_name,
    adset_id,
    adset_name,
    ad_id,
    ad_name,
    null::varchar as post_id,
    spend_date,
    (cost_in_micros::decimal(20, 0) * 0.000001)::decimal(18, 2) as cost,
    coalesce(currency, '{{ var("currency") }}') as currency,
    greatest(impressions, 0)::bigint as impressions,
    null::bigint as reach,
    greatest(interactions, 0)::bigint as interactions,
    greatest(clicks, 0)::bigint as clicks,
    greatest(round(leads), 0)::bigint as leads_claimed
from told
