-- One row per customer of the account. Stripe keeps several of one address; who is one is for identity.
select
    'stripe:' || _account || ':customer:' || _key as profile_id,
    _account as account,
    'customer' as object,
    nullif(payload ->> '$.email', '') as email,
    nullif(payload ->> '$.phone', '') as phone,
    nullif(payload ->> '$.name', '') as full_name,
    coalesce(payload ->> '$.address.line1', payload ->> '$.shipping.address.line1') as street,
    coalesce(payload ->> '$.address.city', payload ->> '$.shipping.address.city') as city,
    coalesce(payload ->> '$.address.postal_code', payload ->> '$.shipping.address.postal_code') as postcode,
    coalesce(payload ->> '$.address.country', payload ->> '$.shipping.address.country') as country,
    split_part(payload ->> '$.preferred_locales[0]', '-', 1) as language,
    coalesce((payload ->> '$.livemode') = 'false', false) as is_test,
    _is_deleted as is_deleted,
    coalesce(_occurred_at, _first_seen_at) as created_at,
    _first_seen_at as first_seen_at,
    _last_seen_at as last_seen_at,
    _touched_at as touched_at,
    _ingested_at as ingested_at
from {{ latest(source('raw_stripe', 'customers'), keep_deleted=true) }}
