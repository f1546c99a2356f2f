-- One row per answer to "how likely are you to recommend us", 0 to 10.
select
    'files:' || _account || ':nps:' || _key as profile_id,
    _account as account,
    'nps' as object,
    payload ->> '$.email' as email,
    payload ->> '$.phone' as phone,
    try_cast(payload ->> '$.score' as integer) as score,
    _occurred_at as created_at,
    _first_seen_at as first_seen_at,
    _last_seen_at as last_seen_at,
    _touched_at as touched_at,
    _known_since as known_since,
    _ingested_at as ingested_at
from {{ latest(source('raw_files', 'nps')) }}
