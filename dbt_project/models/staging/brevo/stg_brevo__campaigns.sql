-- One row per sent newsletter, with its figures so far.
select
    _account as account,
    _key as campaign_id,
    payload ->> '$.name' as campaign_name,
    payload ->> '$.subject' as subject,
    try_cast(payload ->> '$.statistics.globalStats.sent' as bigint) as sent_count,
    try_cast(payload ->> '$.statistics.globalStats.delivered' as bigint) as delivered_count,
    try_cast(payload ->> '$.statistics.globalStats.uniqueClicks' as bigint) as clicked_count,
    try_cast(payload ->> '$.statistics.globalStats.unsubscriptions' as bigint) as unsubscribed_count,
    coalesce(try_cast(payload ->> '$.sentDate' as timestamptz), _occurred_at) as sent_at
from {{ latest(source('raw_brevo', 'campaigns')) }}
