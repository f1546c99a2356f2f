-- One row per campaign or ad set and day: how many people saw any of its ads. Each is told by the platform alone,
-- for one who saw two ads counts once: the reach of ads does not add up.
with figures as (
    select 'campaign' as level, payload ->> '$.campaign_id' as object_id, payload
    from {{ latest(source('raw_meta', 'campaign_insights')) }}
    union all
    select 'adset' as level, payload ->> '$.adset_id' as object_id, payload
    from {{ latest(source('raw_meta', 'adset_insights')) }}
)

select
    level,
    object_id,
    payload ->> '$.campaign_id' as campaign_id,
    try_cast(payload ->> '$.date_start' as date) as spend_date,
    try_cast(payload ->> '$.reach' as bigint) as reach,
    try_cast(payload ->> '$.impressions' as bigint) as impressions
from figures
