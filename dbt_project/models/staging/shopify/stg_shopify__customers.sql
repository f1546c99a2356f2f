-- One row per customer record of the shop.
select
    -- ids
    'shopify:' || _account || ':customer:' || _key as profile_id,
    _account as account,
    'customer' as object,
    _key as shop_customer_id,
    -- identifiers: the fields directly on the customer are deprecated and may still be all there is
    coalesce(payload ->> '$.defaultEmailAddress.emailAddress', payload ->> '$.email') as email,
    coalesce(payload ->> '$.defaultPhoneNumber.phoneNumber', payload ->> '$.phone') as phone,
    payload ->> '$.firstName' as first_name,
    payload ->> '$.lastName' as last_name,
    payload ->> '$.defaultAddress.company' as company,
    payload ->> '$.defaultAddress.address1' as street,
    payload ->> '$.defaultAddress.city' as city,
    payload ->> '$.defaultAddress.zip' as postcode,
    coalesce(payload ->> '$.defaultAddress.countryCodeV2', payload ->> '$.defaultAddress.countryCode') as country,
    split_part(payload ->> '$.locale', '-', 1) as language,
    -- booleans: true by default for records made by staff or API, so it proves nothing alone
    coalesce(try_cast(payload ->> '$.verifiedEmail' as boolean), false) as is_email_verified,
    coalesce((payload ->> '$.defaultEmailAddress.marketingState') = 'INVALID', false)
    or coalesce(not try_cast(payload ->> '$.defaultEmailAddress.validFormat' as boolean), false)
        as is_email_undeliverable,
    coalesce(contains(lower(payload ->> '$.tags'), '"test"'), false) as is_test,
    _is_deleted as is_deleted,
    -- times
    coalesce(try_cast(payload ->> '$.createdAt' as timestamptz), _occurred_at) as created_at,
    _first_seen_at as first_seen_at,
    _last_seen_at as last_seen_at,
    _touched_at as touched_at,
    _ingested_at as ingested_at
from {{ latest(source('raw_shopify', 'customers'), keep_deleted=true) }}
