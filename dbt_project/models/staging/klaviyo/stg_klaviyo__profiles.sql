-- One row per profile of the mail tool. Two that were merged are two here: the number of who survived links them.
with profiles as (
    select
        *,
        'klaviyo:' || _account || ':profile:' || _key as profile_id,
        payload -> '$.attributes' as attributes
    from {{ latest(source('raw_klaviyo', 'profiles'), keep_deleted=true) }}
),

-- Whoever leaves did sign up all the same.
signed_up as (
    select
        _account,
        _key,
        min(try_cast(payload ->> '$.attributes.subscriptions.email.marketing.consent_timestamp' as timestamptz))
            as signed_up_at,
        min(_ingested_at) as signed_up_known_at
    from {{ history(source('raw_klaviyo', 'profiles')) }}
    where
        (payload ->> '$.attributes.subscriptions.email.marketing.consent') = 'SUBSCRIBED'
        and ({{ klaviyo_is_own_act("payload ->> '$.attributes.subscriptions.email.marketing.method'") }})
    group by _account, _key
)

select
    -- ids
    profiles.profile_id,
    profiles._account as account,
    'profile' as object,
    coalesce(mergers.survivor_profile_id, profiles.profile_id) as survivor_profile_id,
    -- identifiers
    nullif(trim(attributes ->> '$.email'), '') as email,
    nullif(trim(attributes ->> '$.phone_number'), '') as phone,
    nullif(trim(attributes ->> '$.first_name'), '') as first_name,
    nullif(trim(attributes ->> '$.last_name'), '') as last_name,
    nullif(trim(attributes ->> '$.organization'), '') as company,
    nullif(trim(attributes ->> '$.title'), '') as job_title,
    nullif(trim(attributes ->> '$.location.address1'), '') as street,
    nullif(trim(attributes ->> '$.location.city'), '') as city,
    nullif(trim(attributes ->> '$.location.zip'), '') as postcode,
    -- Only with a street: without one it is where their machine was.
    case
        when nullif(trim(attributes ->> '$.location.address1'), '') is not null
            then nullif(trim(attributes ->> '$.location.country'), '')
    end
        as country,
    nullif(split_part(attributes ->> '$.locale', '-', 1), '') as language,
    -- booleans
    coalesce((attributes ->> '$.subscriptions.email.marketing.double_optin') = 'true', false) as is_email_verified,
    profiles._is_deleted or mergers.loser_profile_id is not null as is_deleted,
    -- times
    coalesce(try_cast(attributes ->> '$.created' as timestamptz), profiles._occurred_at) as created_at,
    signed_up.signed_up_at,
    signed_up.signed_up_known_at,
    profiles._first_seen_at as first_seen_at,
    profiles._last_seen_at as last_seen_at,
    profiles._touched_at as touched_at,
    profiles._known_since as known_since,
    profiles._ingested_at as ingested_at
from profiles
left join signed_up on profiles._account = signed_up._account and profiles._key = signed_up._key
left join {{ ref('stg_klaviyo__mergers') }} as mergers on profiles.profile_id = mergers.loser_profile_id
