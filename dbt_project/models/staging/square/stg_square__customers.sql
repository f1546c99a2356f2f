-- One row per profile of the directory, those that became another by merging included: their orders keep their name.
select
    -- ids
    'square:' || records._account || ':customer:' || records._key as profile_id,
    records._account as account,
    'customer' as object,
    coalesce(mergers.survivor_id, records._key) as survivor_id,
    -- identifiers
    nullif(payload ->> '$.email_address', '') as email,
    nullif(payload ->> '$.phone_number', '') as phone,
    nullif(payload ->> '$.given_name', '') as first_name,
    nullif(payload ->> '$.family_name', '') as last_name,
    nullif(payload ->> '$.company_name', '') as company,
    nullif(payload ->> '$.address.address_line_1', '') as street,
    nullif(payload ->> '$.address.locality', '') as city,
    nullif(payload ->> '$.address.postal_code', '') as postcode,
    nullif(payload ->> '$.address.country', '') as country,
    -- Who told no year was born in the year nought.
    case when not starts_with(payload ->> '$.birthday', '0000') then payload ->> '$.birthday' end as birth_date,
    -- booleans
    {{ is_test_name("concat_ws(' ', payload ->> '$.given_name', payload ->> '$.family_name')") }} as is_test,
    records._is_deleted as is_deleted,
    -- times
    coalesce(records._occurred_at, records._first_seen_at) as created_at,
    records._first_seen_at as first_seen_at,
    records._last_seen_at as last_seen_at,
    records._touched_at as touched_at,
    records._ingested_at as ingested_at
from {{ latest(source('raw_square', 'customers'), keep_deleted=true) }} as records
left join {{ ref('stg_square__mergers') }} as mergers
    on records._account = mergers.account and records._key = mergers.loser_id
