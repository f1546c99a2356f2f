-- One row per contact of the mail tool.
with contacts as (
    select *, payload -> '$.attributes' as attributes
    from {{ latest(source('raw_brevo', 'contacts'), keep_deleted=true) }}
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
    _ingested_at as ingested_at
from contacts
