-- One row per version of a profile: whether they had left Square's mails then. That they had not is no yes.
select
    'square:' || _account || ':customer:' || _key as profile_id,
    nullif(payload ->> '$.email_address', '') as email,
    (payload ->> '$.preferences.email_unsubscribed') = 'true' as has_left,
    _recorded_at as recorded_at,
    _ingested_at as ingested_at,
    _via as via,
    _ordinal as version_number
from {{ history(source('raw_square', 'customers')) }}
where (payload ->> '$.preferences.email_unsubscribed') is not null
