-- One row per ad and day: what was paid and what came of it, as Meta reports it today (figures move for 28 days).
select
    -- ids
    _account as account,
    payload ->> '$.campaign_id' as campaign_id,
    payload ->> '$.ad_id' as ad_id,
    -- texts
    payload ->> '$.campaign_name' as campaign_name,
    payload ->> '$.ad_name' as ad_name,
    -- numbers come as text
    (payload ->> '$.spend')::decimal(18, 2) as cost,
    payload ->> '$.account_currency' as currency,
    try_cast(payload ->> '$.impressions' as bigint) as impressions,
    try_cast(payload ->> '$.reach' as bigint) as reach,
    try_cast(payload ->> '$.clicks' as bigint) as clicks,
    from_json(payload -> '$.actions', '[{"action_type": "VARCHAR", "value": "DOUBLE"}]') as actions,
    -- days
    (payload ->> '$.date_start')::date as spend_date
from {{ latest(source('raw_meta', 'insights')) }}
