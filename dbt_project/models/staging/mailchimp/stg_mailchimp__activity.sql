-- One row per thing a reader did with a letter: clicked, bounced, left, complained.
select
    'mailchimp:' || _account || ':activity:' || _key as event_id,
    'mailchimp:' || _account || ':member:' || (payload ->> '$.email_id') as profile_id,
    nullif(payload ->> '$.email_address', '') as email,
    payload ->> '$.campaign_id' as campaign_id,
    case payload ->> '$.action'
        when 'click' then 'email_clicked'
        -- without a kind it is a soft one: mailboxes are full for a while
        when 'bounce' then case when payload ->> '$.type' = 'hard' then 'hard_bounced' else 'soft_bounced' end
        when 'unsubscribe' then 'unsubscribed'
        when 'abuse' then 'complained'
    end as event_type,
    nullif(payload ->> '$.reason', '') as reason,
    _occurred_at as occurred_at,
    _touched_at as touched_at,
    _known_since as known_since,
    _ingested_at as ingested_at
from {{ latest(source('raw_mailchimp', 'activity')) }}
where payload ->> '$.action' in ('click', 'bounce', 'unsubscribe', 'abuse')
