-- One row per platform, account, campaign, ad, post and day: what a campaign cost and what the platform
-- says came of it. Posts and sent newsletters stand here too; they cost nothing we know of.
select
    'meta' as platform,
    figures.account,
    figures.campaign_id,
    -- Days settled long ago keep the name of then.
    coalesce(campaigns.campaign_name, figures.campaign_name) as campaign_name,
    figures.adset_id,
    coalesce(adsets.adset_name, figures.adset_name) as adset_name,
    figures.ad_id,
    coalesce(ads.ad_name, figures.ad_name) as ad_name,
    ads.post_id,
    figures.spend_date,
    figures.cost,
    coalesce(figures.currency, accounts.currency, '{{ var("currency") }}') as currency,
    figures.impressions,
    figures.reach,
    -- Not post_engagement, which counts clicks and views of a film as well.
    {{ meta_actions('figures.actions', ['post_reaction', 'comment', 'post', 'onsite_conversion.post_save']) }}
        as interactions,
    figures.clicks,
    -- `lead` holds the others; where only forms are used the platform may list nothing but those.
    greatest(
        {{ meta_actions('figures.actions', ['lead']) }},
        {{ meta_actions('figures.actions', ['onsite_conversion.lead_grouped']) }}
    ) as leads_claimed,
    -- Whatever of these it lists holds the others.
    greatest(
        {{ meta_actions('figures.actions', ['omni_purchase']) }},
        {{ meta_actions('figures.actions', ['purchase']) }},
        {{ meta_actions('figures.actions', ['offsite_conversion.fb_pixel_purchase']) }}
    ) as orders_claimed
from {{ ref('stg_meta__insights') }} as figures
left join {{ ref('stg_meta__campaigns') }} as campaigns
    on figures.account = campaigns.account and figures.campaign_id = campaigns.campaign_id
left join {{ ref('stg_meta__adsets') }} as adsets
    on figures.account = adsets.account and figures.adset_id = adsets.adset_id
left join {{ ref('stg_meta__ad_accounts') }} as accounts on figures.account = accounts.account
left join {{ ref('stg_meta__ads') }} as ads on figures.account = ads.account and figures.ad_id = ads.ad_id

union all

-- What was published without being paid for: on the day it came out, with its figures over its life so far.
select
    'meta' as platform,
    account,
    null as campaign_id,
    null as campaign_name,
    null as adset_id,
    null as adset_name,
    null as ad_id,
    null as ad_name,
    post_id,
    {{ local_day('published_at') }} as spend_date,
    null as cost,
    null as currency,
    views as impressions,
    reach,
    coalesce(reactions, 0) + coalesce(comments, 0) + coalesce(shares, 0) + coalesce(saves, 0) as interactions,
    clicks,
    null as leads_claimed,
    null as orders_claimed
from {{ ref('stg_meta__posts') }}

{% for platform in ad_platforms() %}
    union all by name

    select '{{ platform.name }}' as platform, *
    from {{ ref('stg_' ~ platform.name ~ '__figures') }}

{% endfor %}
union all

{% for tool in ('brevo', 'mailchimp', 'klaviyo') %}
    select
        '{{ tool }}' as platform,
        account,
        campaign_id,
        campaign_name,
        null as adset_id,
        null as adset_name,
        null as ad_id,
        null as ad_name,
        null as post_id,
        {{ local_day('sent_at') }} as spend_date,
        null as cost,
        null as currency,
        delivered_count as impressions,
        delivered_count as reach,
        -- Opens are left out: mail programs open by themselves.
        clicked_count as interactions,
        clicked_count as clicks,
        null as leads_claimed,
        null as orders_claimed
    from {{ ref('stg_' ~ tool ~ '__campaigns') }}
    {{ 'union all' if not loop.last }}
{% endfor %}

union all by name

-- What has no API tells no ads; a placement is the nearest to one.
select
    platform,
    account,
    campaign_id,
    campaign_id as campaign_name,
    placement as ad_name,
    spend_date,
    cost,
    currency,
    impressions,
    reach,
    interactions,
    clicks,
    orders_claimed
from {{ ref('stg_files__spend') }}
