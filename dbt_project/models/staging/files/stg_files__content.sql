-- One row per thing a customer made of us: a photo, a film, a testimonial, a case study.
select
    'files:' || _account || ':content:' || _key as profile_id,
    _account as account,
    'content' as object,
    payload ->> '$.email' as email,
    payload ->> '$.phone' as phone,
    payload ->> '$.full_name' as full_name,
    lower(nullif(trim(payload ->> '$.kind'), '')) as content_kind,
    -- Nothing said is no permission to use it.
    coalesce(try_cast(payload ->> '$.rights_granted' as boolean), false) as has_rights,
    _occurred_at as created_at,
    _first_seen_at as first_seen_at,
    _last_seen_at as last_seen_at,
    _touched_at as touched_at,
    _known_since as known_since,
    _ingested_at as ingested_at
from {{ latest(source('raw_files', 'content')) }}
