-- One row per ad and day, in the columns of spend: what was paid and what came of it, as Pinterest reports it today
-- (figures move for weeks). Money is in millionths of the account's own; days are of UTC; what is zero is left out.
{{ config(materialized='view') }}

select
    figures._account as account,
    ads.payload ->> '$.campaign_id' as campaign_id,
    figures.payload ->> '$.CAMPAIGN_NAME' as campaign_name,
    ads.payload ->> '$.ad_group_id' as adset_id,
    null::varchar as adset_name,
    figures.payload ->> '$.AD_ID' as ad_id,
    -- as it is named now: what was renamed is so for its past too
    ads.payload ->> '$.name' as ad_name,
    null::varchar as post_id,
    try_cast(figures.payload ->> '$.DATE' as date) as spend_date,
    (coalesce(try_cast(figures.payload ->> '$.SPEND_IN_MICRO_DOLLAR' as bigint), 0) / 1000000)::decimal(18, 2) as cost,
    coalesce(accounts.payload ->> '$.currency', '{{ var("currency") }}') as currency,
    coalesce(try_cast(figures.payload ->> '$.TOTAL_IMPRESSION' as bigint), 0) as impressions,
    try_cast(figures.payload ->> '$.TOTAL_IMPRESSION_USER' as bigint) as reach,
    coalesce(try_cast(figures.payload ->> '$.TOTAL_ENGAGEMENT' as bigint), 0) as interactions,
    coalesce(try_cast(figures.payload ->> '$.TOTAL_CLICKTHROUGH' as bigint), 0) as clicks,
    coalesce(try_cast(figures.payload ->> '$.LEADS' as bigint), 0) as leads_claimed
from {{ latest(source('raw_pinterest', 'ad_days')) }} as figures
left join {{ latest(source('raw_pinterest', 'ads')) }} as ads
    on figures._account = ads._account and (figures.payload ->> '$.AD_ID') = ads._key
left join {{ latest(source('raw_pinterest', 'ad_accounts')) }} as accounts on figures._account = accounts._key
