-- One row per review. Who was invited has an address; who came by themselves may have answered when asked who they
-- are. A name that somebody gave themselves there is nothing to know anybody by, and is not read.
select
    'trustpilot:' || _account || ':review:' || _key as profile_id,
    _account as account,
    'review' as object,
    coalesce(
        nullif(payload ->> '$.referralEmail', ''),
        list_filter(
            payload ->> '$.findReviewer.requests[*].consumerResponse.email', lambda one: one <> ''
        )[1]
    ) as email,
    -- Of an invitation, the order it was for.
    nullif(payload ->> '$.referenceId', '') as order_name,
    try_cast(payload ->> '$.stars' as integer) as stars,
    trim(payload ->> '$.text') as review_text,
    false as is_rewarded,
    _occurred_at as created_at,
    _first_seen_at as first_seen_at,
    _last_seen_at as last_seen_at,
    _touched_at as touched_at,
    _known_since as known_since,
    _ingested_at as ingested_at
from {{ latest(source('raw_trustpilot', 'reviews')) }}
