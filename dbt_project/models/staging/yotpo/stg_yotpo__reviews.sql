-- One row per review. Its name is short on purpose ("Ann B."), and is no name to know anybody by.
select
    'yotpo:' || _account || ':review:' || _key as profile_id,
    _account as account,
    'review' as object,
    nullif(payload ->> '$.email', '') as email,
    try_cast(payload ->> '$.score' as integer) as stars,
    trim(payload ->> '$.content') as review_text,
    coalesce(try_cast(payload ->> '$.is_incentivized' as boolean), false) as is_rewarded,
    _occurred_at as created_at,
    _first_seen_at as first_seen_at,
    _last_seen_at as last_seen_at,
    _touched_at as touched_at,
    _known_since as known_since,
    _ingested_at as ingested_at
from {{ latest(source('raw_yotpo', 'reviews')) }}
