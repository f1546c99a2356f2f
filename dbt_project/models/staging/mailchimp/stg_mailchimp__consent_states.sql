-- One row per version of a member: its state, permissions and interests as Mailchimp held them then.
-- An archived member was put away by the company. That is no word of theirs, so that version tells nothing.
select
    'mailchimp:' || _account || ':member:' || _key as profile_id,
    _account as audience_id,
    nullif(payload ->> '$.contact_id', '') as contact_id,
    nullif(payload ->> '$.email_address', '') as email,
    nullif(payload ->> '$.sms_phone_number', '') as phone,
    payload ->> '$.status' as status,
    nullif(payload ->> '$.sms_subscription_status', '') as sms_status,
    -- Other shapes than these are no permission and no interest.
    coalesce(
        from_json(
            payload -> '$.marketing_permissions',
            '[{"marketing_permission_id": "VARCHAR", "text": "VARCHAR", "enabled": "VARCHAR"}]'
        ),
        []
    ) as permissions,
    list_filter(
        coalesce(json_keys(payload -> '$.interests'), []),
        lambda one: json_extract_string(payload -> '$.interests', one) = 'true'
    ) as interests,
    coalesce(nullif(payload ->> '$.ip_signup', ''), nullif(payload ->> '$.ip_opt', '')) is not null as has_signed_up,
    {{ mailchimp_confirmed('payload') }} as has_confirmed,
    try_cast(nullif(payload ->> '$.timestamp_signup', '') as timestamptz) as signed_up_at,
    try_cast(nullif(payload ->> '$.timestamp_opt', '') as timestamptz) as opted_in_at,
    _recorded_at as recorded_at,
    _ingested_at as ingested_at,
    _via as via,
    _ordinal as version_number
from {{ history(source('raw_mailchimp', 'members')) }}
where coalesce(payload ->> '$.status', '') <> 'archived'
