-- One row per guest checkout: somebody with an order and no account in the shop.
select
    profile_id,
    account,
    'guest_order' as object,
    email,
    coalesce(phone, address_phone) as phone,
    first_name,
    last_name,
    street,
    city,
    postcode,
    country,
    is_test,
    ordered_at as created_at,
    first_seen_at,
    last_seen_at,
    touched_at,
    ingested_at
from {{ ref('stg_shopify__orders') }}
where is_guest
