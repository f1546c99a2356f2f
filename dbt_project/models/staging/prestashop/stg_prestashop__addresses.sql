-- One row per address of the shop, those its owner has replaced since included: orders still point at them.
select
    _account as account,
    _key as address_id,
    payload ->> '$.id_customer' as customer_id,
    coalesce(nullif(payload ->> '$.phone_mobile', ''), nullif(payload ->> '$.phone', '')) as phone,
    nullif(payload ->> '$.firstname', '') as first_name,
    nullif(payload ->> '$.lastname', '') as last_name,
    nullif(payload ->> '$.company', '') as company,
    nullif(payload ->> '$.address1', '') as street,
    nullif(payload ->> '$.city', '') as city,
    nullif(payload ->> '$.postcode', '') as postcode,
    payload ->> '$.country_code' as country,
    coalesce((payload ->> '$.deleted') = '1', false) as is_replaced,
    _changed_at as changed_at,
    _touched_at as touched_at
from {{ latest(source('raw_prestashop', 'addresses')) }}
