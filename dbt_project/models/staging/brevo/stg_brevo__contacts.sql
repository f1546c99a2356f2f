-- One row per contact of the mail tool.
with contacts as (
    select records.*, records.payload -> '$.attributes' as attributes, told.listed_known_at
    from {{ latest(source('raw_brevo', 'contacts'), keep_deleted=true) }} as records
    left join {{ first_told(source('raw_brevo', 'contacts'), {
        'listed': "json_array_length(payload -> '$.listIds') > 0",
    }) }} as told
        on records._account = told._account and records._key = told._key
)

select
    -- ids
    'brevo:' || _account || ':contact:' || _key as profile_id,
    _account as account,
    'contact' as object,
    _key as contact_id,
    attributes ->> '$.EXT_ID' as external_id,
    -- identifiers: whoever is known by phone only gets the invented address <digits>@mailin-sms.com
    case when not ends_with(payload ->> '$.email', '@mailin-sms.com') then payload ->> '$.email' end as email,
    {{ brevo_phone('payload') }} as phone,
    -- landlines are typed by people, SMS numbers are international digits without a plus
    attributes ->> '$.LANDLINE_NUMBER' as landline,
    coalesce(attributes ->> '$.FIRSTNAME', attributes ->> '$.PRENOM') as first_name,
    coalesce(attributes ->> '$.LASTNAME', attributes ->> '$.NOM') as last_name,
    attributes ->> '$.COMPANY' as company,
    attributes ->> '$.COUNTRY' as country,
    attributes ->> '$.LANGUAGE' as language,
    -- booleans
    coalesce((attributes ->> '$."DOUBLE_OPT-IN"') = '1', false) as is_email_verified,
    coalesce(json_array_length(payload -> '$.listIds') > 0, false) as is_on_a_list,
    _is_deleted as is_deleted,
    -- times
    coalesce(try_cast(payload ->> '$.createdAt' as timestamptz), _occurred_at) as created_at,
    _first_seen_at as first_seen_at,
    _last_seen_at as last_seen_at,
    _touched_at as touched_at,
    -- since when we know that they are on a list
    coalesce(listed_known_at, _ingested_at) as listed_known_at,
    _ingested_at as ingested_at
from contacts
