-- One row per member of an audience: the same person in two audiences is two.
with members as (
    select *, payload -> '$.merge_fields' as fields
    from {{ latest(source('raw_mailchimp', 'members'), keep_deleted=true) }}
)

select
    -- ids
    'mailchimp:' || _account || ':member:' || _key as profile_id,
    _account as account,
    'member' as object,
    -- the same for a contact whose address was changed, which makes another member of it
    _account || ':' || nullif(payload ->> '$.contact_id', '') as contact_id,
    -- identifiers: what is missing is an empty text
    nullif(trim(payload ->> '$.email_address'), '') as email,
    coalesce(nullif(payload ->> '$.sms_phone_number', ''), nullif(trim(fields ->> '$.PHONE'), '')) as phone,
    nullif(trim(fields ->> '$.FNAME'), '') as first_name,
    nullif(trim(fields ->> '$.LNAME'), '') as last_name,
    nullif(trim(fields ->> '$.COMPANY'), '') as company,
    nullif(trim(fields ->> '$.ADDRESS.addr1'), '') as street,
    nullif(trim(fields ->> '$.ADDRESS.city'), '') as city,
    nullif(trim(fields ->> '$.ADDRESS.zip'), '') as postcode,
    -- only with a street: the field is filled with the account's own country otherwise
    case
        when
            nullif(trim(fields ->> '$.ADDRESS.addr1'), '') is not null
            then nullif(trim(fields ->> '$.ADDRESS.country'), '')
    end
        as country,
    nullif(payload ->> '$.language', '') as language,
    -- booleans
    {{ mailchimp_confirmed('payload') }} as is_email_verified,
    coalesce(nullif(payload ->> '$.ip_signup', ''), nullif(payload ->> '$.ip_opt', '')) is not null as has_signed_up,
    payload ->> '$.status' = 'cleaned' as is_cleaned,
    _is_deleted as is_deleted,
    -- times
    coalesce(try_cast(nullif(payload ->> '$.came_at', '') as timestamptz), _occurred_at) as created_at,
    try_cast(nullif(payload ->> '$.last_changed', '') as timestamptz) as changed_at,
    _first_seen_at as first_seen_at,
    _last_seen_at as last_seen_at,
    _touched_at as touched_at,
    _known_since as known_since,
    _ingested_at as ingested_at
from members
