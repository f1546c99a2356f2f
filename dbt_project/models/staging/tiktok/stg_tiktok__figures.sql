-- One row per ad and day, in the columns of spend: what was paid and what came of it, as TikTok reports it today
-- (figures move for weeks). Numbers come as text, a dash where there is none.
{{ config(materialized='view') }}

select
    figures._account as account,
    -- as it is named now: what was renamed is so for its past too
    figures.payload ->> '$.metrics.campaign_id' as campaign_id,
    figures.payload ->> '$.metrics.campaign_name' as campaign_name,
    figures.payload ->> '$.metrics.adgroup_id' as adset_id,
    figures.payload ->> '$.metrics.adgroup_name' as adset_name,
    figures.payload ->> '$.dimensions.ad_id' as ad_id,
    figures.payload ->> '$.metrics.ad_name' as ad_name,
    null::varchar as post_id,
    -- the advertiser's own day and money
    try_cast(figures.payload ->> '$.day' as date) as spend_date,
    try_cast(figures.payload ->> '$.metrics.spend' as decimal(18, 2)) as cost,
    coalesce(advertisers.payload ->> '$.currency', '{{ var("currency") }}') as currency,
    try_cast(figures.payload ->> '$.metrics.impressions' as bigint) as impressions,
    try_cast(figures.payload ->> '$.metrics.reach' as bigint) as reach,
    coalesce(try_cast(figures.payload ->> '$.metrics.likes' as bigint), 0)
    + coalesce(try_cast(figures.payload ->> '$.metrics.comments' as bigint), 0)
    + coalesce(try_cast(figures.payload ->> '$.metrics.shares' as bigint), 0) as interactions,
    try_cast(figures.payload ->> '$.metrics.clicks' as bigint) as clicks,
    coalesce(try_cast(figures.payload ->> '$.metrics.onsite_form' as bigint), 0) as leads_claimed
from {{ latest(source('raw_tiktok', 'ad_reports')) }} as figures
left join {{ latest(source('raw_tiktok', 'advertisers')) }} as advertisers on figures._account = advertisers._key
