-- One row per review.
select
    'files:' || _account || ':review:' || _key as profile_id,
    _account as account,
    'review' as object,
    payload ->> '$.email' as email,
    payload ->> '$.phone' as phone,
    payload ->> '$.full_name' as full_name,
    nullif(payload ->> '$.order_name', '') as order_name,
    try_cast(payload ->> '$.stars' as integer) as stars,
    trim(payload ->> '$.text') as review_text,
    coalesce(try_cast(payload ->> '$.is_rewarded' as boolean), false) as is_rewarded,
    _occurred_at as created_at,
    _first_seen_at as first_seen_at,
    _last_seen_at as last_seen_at,
    _touched_at as touched_at,
    _known_since as known_since,
    _ingested_at as ingested_at
from {{ latest(source('raw_files', 'reviews')) }}
