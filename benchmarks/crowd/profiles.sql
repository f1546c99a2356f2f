-- One row per record, in the columns of contracts.profiles; `person` is the truth and comes off.
select
    platform || ':bench:' || if(platform = 'shopify', 'customer', 'lead') || ':' || n as profile_id,
    platform,
    'bench' as account,
    if(platform = 'shopify', 'customer', 'lead') as object,
    created_at,
    created_at + interval 1 hour as first_seen_at,
    created_at + interval 1 hour as last_seen_at,
    timestamptz '2026-11-01 03:20:00+00' as touched_at,
    if(gave_email, typed_email, null) as email,
    if(gave_phone, typed_phone, null) as phone,
    null::varchar as landline,
    case when gave_name and platform <> 'meta' then if(dice(roll, 35) < 0.01, typed_last, typed_first)
    end as first_name,
    case when gave_name and platform <> 'meta' then if(dice(roll, 35) < 0.01, typed_first, typed_last)
    end as last_name,
    case when platform = 'meta' then typed_first || ' ' || typed_last end as full_name,
    null::varchar as company,
    if(gave_address, street, null) as street,
    if(gave_address, city, null) as city,
    if(gave_address or platform = 'meta' and dice(roll, 36) < 0.3, postcode, null) as postcode,
    if(gave_address, country, null) as country,
    null::varchar as language,
    case
        when platform = 'files' and dice(roll, 37) < 0.6 or platform = 'shopify' and dice(roll, 37) < 0.1
            then (birth_date + if(dice(roll, 38) < 0.03, 10, 0))::varchar
    end as birth_date,
    null::varchar as national_id,
    null::varchar as platform_id,
    false as is_email_verified,
    concat_ws(' ', if(gave_address, country, null), 'FR', 'FR BE CA') as phone_region,
    person
from crowd_said
