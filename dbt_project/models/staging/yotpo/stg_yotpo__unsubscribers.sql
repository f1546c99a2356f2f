-- One row per address that left the mails which ask for reviews. Yotpo tells no time: it is when we first saw it.
select
    'yotpo:' || _account || ':unsubscriber:' || _key as profile_id,
    _account as account,
    'unsubscriber' as object,
    nullif(payload ->> '$.user_email', '') as email,
    _first_seen_at as first_seen_at,
    _last_seen_at as last_seen_at,
    _touched_at as touched_at,
    _known_since as known_since
from {{ latest(source('raw_yotpo', 'unsubscribers')) }}
