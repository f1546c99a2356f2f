-- One row per recommendation: who sent whom.
select
    'files:' || _account || ':referral:' || _key as referral_id,
    -- Two people in one line are two profiles.
    'files:' || _account || ':referrer:' || _key as referrer_profile_id,
    'files:' || _account || ':referee:' || _key as referee_profile_id,
    _account as account,
    payload ->> '$.referrer_email' as referrer_email,
    payload ->> '$.referee_email' as referee_email,
    nullif(payload ->> '$.code', '') as referral_code,
    nullif(payload ->> '$.order_name', '') as order_name,
    _occurred_at as occurred_at,
    _first_seen_at as first_seen_at,
    _last_seen_at as last_seen_at,
    _ingested_at as ingested_at
from {{ latest(source('raw_files', 'referrals')) }}
