-- One row per till member, as the till knows them now.
select
    -- ids
    'tillpoint:' || _account || ':member:' || _key as profile_id,
    _account as account,
    'member' as object,
    -- identifiers
    payload ->> '$.email' as email,
    payload ->> '$.phone' as phone,
    payload ->> '$.first_name' as first_name,
    payload ->> '$.last_name' as last_name,
    -- times
    coalesce(_occurred_at, _first_seen_at) as created_at,
    _first_seen_at as first_seen_at,
    _last_seen_at as last_seen_at,
    _ingested_at as ingested_at
from {{ latest(source('raw_tillpoint', 'members'), keep_deleted=true) }}
