-- One row per campaign that was sent, with its figures so far.
select
    _account as account,
    _key as campaign_id,
    payload ->> '$.attributes.name' as campaign_name,
    payload ->> '$.channel' as channel,
    coalesce(from_json(payload -> '$.message_ids', '["VARCHAR"]'), []) as message_ids,
    try_cast(payload ->> '$.statistics.delivered' as bigint) as delivered_count,
    try_cast(payload ->> '$.statistics.clicks_unique' as bigint) as clicked_count,
    try_cast(payload ->> '$.statistics.unsubscribe_uniques' as bigint) as unsubscribed_count,
    coalesce(try_cast(payload ->> '$.attributes.send_time' as timestamptz), _occurred_at) as sent_at
from {{ latest(source('raw_klaviyo', 'campaigns')) }}
