-- One row per sent newsletter, with its figures so far.
select
    _account as account,
    _key as campaign_id,
    payload ->> '$.name' as campaign_name,
    payload ->> '$.subject' as subject,
    (payload ->> '$.statistics.globalStats.sent')::bigint as sent_count,
    (payload ->> '$.statistics.globalStats.delivered')::bigint as delivered_count,
    (payload ->> '$.statistics.globalStats.uniqueClicks')::bigint as clicked_count,
    (payload ->> '$.statistics.globalStats.unsubscriptions')::bigint as unsubscribed_count,
    coalesce((payload ->> '$.sentDate')::timestamptz, _occurred_at) as sent_at
from {{ latest(source('raw_brevo', 'campaigns')) }}
