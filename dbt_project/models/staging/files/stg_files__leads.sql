-- One row per line of a dropped lead list, columns mapped by firsthand.yaml.
select
    -- ids
    'files:' || _account || ':lead:' || _key as profile_id,
    _account as account,
    'lead' as object,
    -- identifiers
    payload ->> '$.email' as email,
    payload ->> '$.phone' as phone,
    payload ->> '$.first_name' as first_name,
    payload ->> '$.last_name' as last_name,
    payload ->> '$.full_name' as full_name,
    payload ->> '$.company' as company,
    payload ->> '$.street' as street,
    payload ->> '$.city' as city,
    payload ->> '$.postcode' as postcode,
    payload ->> '$.country' as country,
    payload ->> '$.language' as language,
    payload ->> '$.birth_date' as birth_date,
    -- permission as the list states it; consent/ decides what that is worth
    payload ->> '$.email_opt_in' as email_opt_in,
    payload ->> '$.sms_opt_in' as sms_opt_in,
    payload ->> '$.phone_opt_in' as phone_opt_in,
    payload ->> '$.unsubscribed' as unsubscribed,
    payload ->> '$.consent_text' as consent_text,
    try_cast(payload ->> '$.consent_at' as timestamptz) as consent_at,
    -- texts
    payload ->> '$.campaign' as campaign_id,
    payload ->> '$.form' as form_id,
    payload ->> '$.source' as lead_source,
    payload ->> '$.said_they_heard_from' as said_they_heard_from,
    _is_deleted as is_deleted,
    -- times
    _occurred_at as created_at,
    _first_seen_at as first_seen_at,
    _last_seen_at as last_seen_at,
    _ingested_at as ingested_at
from {{ latest(source('raw_files', 'leads'), keep_deleted=true) }}
