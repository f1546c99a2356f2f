-- One row per ad and day, in the columns of spend: what was paid and what came of it, as LinkedIn reports it today
-- (figures move for weeks). Between an ad and its campaign LinkedIn has no level.
{{ config(materialized='view') }}

select
    figures._account as account,
    ads.payload ->> '$.campaign_id' as campaign_id,
    campaigns.payload ->> '$.name' as campaign_name,
    null::varchar as adset_id,
    null::varchar as adset_name,
    figures.payload ->> '$.creative_id' as ad_id,
    ads.payload ->> '$.name' as ad_name,
    null::varchar as post_id,
    -- days of Greenwich, money of the account
    try_cast(figures.payload ->> '$.day' as date) as spend_date,
    -- "12.340000000000000", and where nothing was paid perhaps "-2.0E-18"
    try_cast(figures.payload ->> '$.costInLocalCurrency' as decimal(18, 2)) as cost,
    coalesce(accounts.payload ->> '$.currency', '{{ var("currency") }}') as currency,
    try_cast(figures.payload ->> '$.impressions' as bigint) as impressions,
    try_cast(figures.payload ->> '$.approximateMemberReach' as bigint) as reach,
    coalesce(try_cast(figures.payload ->> '$.likes' as bigint), 0)
    + coalesce(try_cast(figures.payload ->> '$.comments' as bigint), 0)
    + coalesce(try_cast(figures.payload ->> '$.shares' as bigint), 0) as interactions,
    try_cast(figures.payload ->> '$.clicks' as bigint) as clicks,
    coalesce(try_cast(figures.payload ->> '$.oneClickLeads' as bigint), 0) as leads_claimed
from {{ latest(source('raw_linkedin', 'creative_analytics')) }} as figures
left join {{ latest(source('raw_linkedin', 'creatives')) }} as ads
    on figures._account = ads._account and (figures.payload ->> '$.creative_id') = ads._key
left join {{ latest(source('raw_linkedin', 'campaigns')) }} as campaigns
    on figures._account = campaigns._account and (ads.payload ->> '$.campaign_id') = campaigns._key
left join {{ latest(source('raw_linkedin', 'ad_accounts')) }} as accounts on figures._account = accounts._key
