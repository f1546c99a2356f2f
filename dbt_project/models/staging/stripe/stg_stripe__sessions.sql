-- One row per checkout that was completed, guests' too, with the answer to Stripe's box for promotions.
select
    _account as account,
    _key as session_id,
    case when (payload ->> '$.customer') is null then 'guest_session' else 'customer' end as object,
    'stripe:' || _account || ':'
    || coalesce('customer:' || (payload ->> '$.customer'), 'guest_session:' || _key) as profile_id,
    (payload ->> '$.customer') is null as is_guest,
    coalesce(payload ->> '$.customer_details.email', payload ->> '$.customer_email') as email,
    payload ->> '$.customer_details.phone' as phone,
    payload ->> '$.customer_details.name' as full_name,
    payload ->> '$.customer_details.address.line1' as street,
    payload ->> '$.customer_details.address.city' as city,
    payload ->> '$.customer_details.address.postal_code' as postcode,
    payload ->> '$.customer_details.address.country' as country,
    payload ->> '$.consent.promotions' as promotions,
    payload ->> '$.promotions_wording' as wording_text,
    coalesce((payload ->> '$.livemode') = 'false', false) as is_test,
    coalesce(_occurred_at, _first_seen_at) as created_at,
    _first_seen_at as first_seen_at,
    _last_seen_at as last_seen_at,
    _touched_at as touched_at,
    _known_since as known_since
from {{ latest(source('raw_stripe', 'checkout_sessions')) }}
-- One that was left told us nothing that anybody meant.
where (payload ->> '$.status') = 'complete'
