-- One row per version of a customer: whether they get the shop's newsletter, since when, and whether a visitor signed
-- up (the shop notes a visitor's address, and none where staff or an import did). `optin` is no consent to us: it lets
-- the shop's partners write.
select
    'prestashop:' || _account || ':customer:' || _key as profile_id,
    nullif(payload ->> '$.email', '') as email,
    (payload ->> '$.newsletter') in ('1', 'true') as is_subscribed,
    try_cast(payload ->> '$.newsletter_at_utc' as timestamptz) as subscribed_at,
    nullif(payload ->> '$.ip_registration_newsletter', '') is not null as is_by_visitor,
    payload ->> '$.newsletter_wording' as wording_text,
    _recorded_at as recorded_at,
    _ingested_at as ingested_at,
    _via as via,
    _ordinal as version_number
from {{ history(source('raw_prestashop', 'customers')) }}
where (payload ->> '$.newsletter') is not null and not {{ is_prestashop_nobody('payload') }}
