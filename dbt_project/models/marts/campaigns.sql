-- One row per platform, campaign and day: what it cost, what the platform claims, and what we really hold.
with claimed as (
    select
        platform,
        campaign_id,
        max(campaign_name) as campaign_name,
        spend_date as campaign_date,
        sum(cost) as cost,
        max(currency) as currency,
        sum(impressions) as impressions,
        sum(reach) as reach,
        sum(interactions) as interactions,
        sum(clicks) as clicks,
        sum(leads_claimed) as leads_claimed
    from {{ ref('spend') }}
    where campaign_id is not null
    group by platform, campaign_id, spend_date
),

reached as (
    select platform, campaign_id, spend_date as campaign_date, reach
    from {{ ref('campaign_reach') }}
),

held as (
    select
        platform,
        campaign_id,
        {{ local_day('occurred_at') }} as campaign_date,
        count(*) filter (where event_type in ('lead_created', 'form_answered')) as lead_count,
        count(*) filter (where event_type = 'order_paid') as order_count
    from {{ ref('events') }}
    where campaign_id is not null and event_type in ('lead_created', 'form_answered', 'order_paid')
    group by 1, 2, 3
)

select
    coalesce(claimed.platform, held.platform) as platform,
    coalesce(claimed.campaign_id, held.campaign_id) as campaign_id,
    coalesce(
        claimed.campaign_name,
        max(claimed.campaign_name) over (
            partition by coalesce(claimed.platform, held.platform), coalesce(claimed.campaign_id, held.campaign_id)
        )
    ) as campaign_name,
    coalesce(claimed.campaign_date, held.campaign_date) as campaign_date,
    claimed.cost::decimal(18, 2) as cost,
    claimed.currency,
    claimed.impressions::bigint as impressions,
    -- The sum of its ads counts people twice: only where nothing better is told.
    coalesce(reached.reach, claimed.reach)::bigint as reach,
    claimed.interactions::bigint as interactions,
    claimed.clicks::bigint as clicks,
    claimed.leads_claimed::bigint as leads_claimed,
    coalesce(held.lead_count, 0) as lead_count,
    coalesce(held.order_count, 0) as order_count
from claimed
full outer join held
    on
        claimed.platform = held.platform
        and claimed.campaign_id = held.campaign_id
        and claimed.campaign_date = held.campaign_date
left join reached
    on
        claimed.platform = reached.platform
        and claimed.campaign_id = reached.campaign_id
        and claimed.campaign_date = reached.campaign_date
