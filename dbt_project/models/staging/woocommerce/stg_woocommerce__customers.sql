-- One row per account of the site, or line of its report of customers, guests in it.
select
    -- ids
    'woocommerce:' || _account || ':customer:' || _key as profile_id,
    _account as account,
    'customer' as object,
    -- identifiers: what was typed at the checkout is fresher than the account's own names
    coalesce(nullif(payload ->> '$.email', ''), nullif(payload ->> '$.billing.email', '')) as email,
    nullif(payload ->> '$.billing.phone', '') as phone,
    coalesce(nullif(payload ->> '$.billing.first_name', ''), nullif(payload ->> '$.first_name', '')) as first_name,
    coalesce(nullif(payload ->> '$.billing.last_name', ''), nullif(payload ->> '$.last_name', '')) as last_name,
    nullif(payload ->> '$.billing.company', '') as company,
    nullif(payload ->> '$.billing.address_1', '') as street,
    nullif(payload ->> '$.billing.city', '') as city,
    nullif(payload ->> '$.billing.postcode', '') as postcode,
    nullif(payload ->> '$.billing.country', '') as country,
    -- booleans: whoever may change the site is no customer of it
    coalesce(
        (payload ->> '$.role') in ('administrator', 'editor', 'author', 'contributor', 'shop_manager'), false
    ) as is_staff,
    {{ is_test_name("concat_ws(' ', payload ->> '$.first_name', payload ->> '$.last_name')") }} as is_test,
    _is_deleted as is_deleted,
    -- times
    coalesce(_occurred_at, _first_seen_at) as created_at,
    _first_seen_at as first_seen_at,
    _last_seen_at as last_seen_at,
    _touched_at as touched_at,
    _ingested_at as ingested_at
from {{ latest(source('raw_woocommerce', 'customers'), keep_deleted=true) }}
