-- One row per account of the shop, or guest: each guest's checkout makes a row of its own, which keeps its number when
-- the guest becomes an account.
with newest_addresses as (
    select *
    from {{ ref('stg_prestashop__addresses') }}
    qualify row_number() over (
        partition by account, customer_id order by is_replaced, changed_at desc, address_id desc
    ) = 1
)

select
    -- ids
    'prestashop:' || customers._account || ':customer:' || customers._key as profile_id,
    customers._account as account,
    'customer' as object,
    -- identifiers: phone and street are with the address alone
    nullif(payload ->> '$.email', '') as email,
    newest_addresses.phone,
    coalesce(nullif(payload ->> '$.firstname', ''), newest_addresses.first_name) as first_name,
    coalesce(nullif(payload ->> '$.lastname', ''), newest_addresses.last_name) as last_name,
    coalesce(nullif(payload ->> '$.company', ''), newest_addresses.company) as company,
    newest_addresses.street,
    newest_addresses.city,
    newest_addresses.postcode,
    newest_addresses.country,
    payload ->> '$.language' as language,
    nullif(payload ->> '$.birthday', '0000-00-00') as birth_date,
    -- booleans
    coalesce((payload ->> '$.is_guest') = '1', false) as is_guest,
    {{ is_prestashop_nobody('payload') }} as is_nobody,
    {{ is_test_name("concat_ws(' ', payload ->> '$.firstname', payload ->> '$.lastname')") }} as is_test,
    -- Deleted in the back office so that nobody signs up with the address again, the row stays.
    customers._is_deleted or coalesce((payload ->> '$.deleted') = '1', false) as is_deleted,
    -- times
    coalesce(customers._occurred_at, customers._first_seen_at) as created_at,
    customers._first_seen_at as first_seen_at,
    customers._last_seen_at as last_seen_at,
    greatest(customers._touched_at, newest_addresses.touched_at) as touched_at,
    customers._ingested_at as ingested_at
from {{ latest(source('raw_prestashop', 'customers'), keep_deleted=true) }} as customers
left join newest_addresses
    on customers._account = newest_addresses.account and customers._key = newest_addresses.customer_id
