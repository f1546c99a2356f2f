-- One row per recommendation: who sent whom. Two people in one line are two profiles.
select
    'files:' || _account || ':referral:' || _key as referee_profile_id,
    'files:' || _account || ':referrer:' || _key as referrer_profile_id,
    _account as account,
    payload ->> '$.referrer_email' as referrer_email,
    payload ->> '$.referrer_phone' as referrer_phone,
    payload ->> '$.referrer_name' as referrer_name,
    payload ->> '$.referee_email' as referee_email,
    payload ->> '$.referee_phone' as referee_phone,
    payload ->> '$.referee_name' as referee_name,
    nullif(payload ->> '$.code', '') as referral_code,
    nullif(payload ->> '$.order_name', '') as order_name,
    try_cast(payload ->> '$.converted_at' as timestamptz) as converted_at,
    _occurred_at as occurred_at,
    _first_seen_at as first_seen_at,
    _last_seen_at as last_seen_at,
    _touched_at as touched_at,
    _known_since as known_since,
    _ingested_at as ingested_at
from {{ latest(source('raw_files', 'referrals')) }}
