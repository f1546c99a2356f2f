-- One row per campaign and day: how many people saw any of its ads, each counted once.
{{ config(materialized='view') }}

select
    payload ->> '$.campaign_id' as campaign_id,
    try_cast(payload ->> '$.day' as date) as spend_date,
    try_cast(payload ->> '$.approximateMemberReach' as bigint) as reach
from {{ latest(source('raw_linkedin', 'campaign_analytics')) }}
