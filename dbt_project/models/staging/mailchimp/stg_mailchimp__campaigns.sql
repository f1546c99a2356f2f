-- One row per sent letter, with its figures so far.
select
    _account as account,
    _key as campaign_id,
    payload ->> '$.campaign_title' as campaign_name,
    -- What bounced was not delivered; a report tells no such figure of its own.
    try_cast(payload ->> '$.emails_sent' as bigint)
    - coalesce(try_cast(payload ->> '$.bounces.hard_bounces' as bigint), 0)
    - coalesce(try_cast(payload ->> '$.bounces.soft_bounces' as bigint), 0) as delivered_count,
    -- people, not clicks
    try_cast(payload ->> '$.clicks.unique_subscriber_clicks' as bigint) as clicked_count,
    try_cast(payload ->> '$.unsubscribed' as bigint) as unsubscribed_count,
    coalesce(try_cast(payload ->> '$.send_time' as timestamptz), _occurred_at) as sent_at
from {{ latest(source('raw_mailchimp', 'reports')) }}
