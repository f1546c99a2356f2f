-- One row per ad and day: what was paid and what came of it, as Meta reports it today (figures move for 28 days).
select
    -- ids
    _account as account,
    payload ->> '$.campaign_id' as campaign_id,
    payload ->> '$.ad_id' as ad_id,
    payload ->> '$.adset_id' as adset_id,
    -- texts: as it was named when these figures were read
    payload ->> '$.campaign_name' as campaign_name,
    payload ->> '$.adset_name' as adset_name,
    payload ->> '$.ad_name' as ad_name,
    -- numbers come as text
    try_cast(payload ->> '$.spend' as decimal(18, 2)) as cost,
    payload ->> '$.account_currency' as currency,
    try_cast(payload ->> '$.impressions' as bigint) as impressions,
    try_cast(payload ->> '$.reach' as bigint) as reach,
    try_cast(payload ->> '$.clicks' as bigint) as clicks,
    -- `value` is what the ad set's own attribution windows claim; the windows we name stand beside it
    from_json(
        payload -> '$.actions',
        '[{"action_type": "VARCHAR", "value": "VARCHAR", "7d_click": "VARCHAR", "1d_view": "VARCHAR"}]'
    ) as actions,
    -- days: the ad account's own
    try_cast(payload ->> '$.date_start' as date) as spend_date
from {{ latest(source('raw_meta', 'insights')) }}
