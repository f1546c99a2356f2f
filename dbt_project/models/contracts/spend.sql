-- One row per platform, account, campaign, ad, post and day: what a campaign cost and what the platform
-- says came of it. Sent newsletters stand here too; they cost nothing we know of.
select
    'meta' as platform,
    account,
    campaign_id,
    campaign_name,
    ad_id,
    null::varchar as post_id,
    spend_date,
    cost,
    coalesce(currency, '{{ var("currency") }}') as currency,
    impressions,
    reach,
    -- likes, comments, shares, saves
    list_filter(actions, lambda action: action.action_type = 'post_engagement')[1].value::bigint as interactions,
    clicks,
    list_filter(
        actions, lambda action: action.action_type in ('lead', 'onsite_conversion.lead_grouped')
    )[1].value::bigint as leads_claimed
from {{ ref('stg_meta__insights') }}

union all

select
    'brevo' as platform,
    account,
    campaign_id,
    campaign_name,
    null as ad_id,
    null as post_id,
    {{ local_day('sent_at') }} as spend_date,
    null as cost,
    null as currency,
    delivered_count as impressions,
    delivered_count as reach,
    -- Opens are left out: mail programs open by themselves.
    clicked_count as interactions,
    clicked_count as clicks,
    null as leads_claimed
from {{ ref('stg_brevo__campaigns') }}
