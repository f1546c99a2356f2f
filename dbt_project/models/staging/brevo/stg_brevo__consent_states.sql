-- One row per version of a mail contact: its flags, lists and whether it confirmed, as Brevo held them then.
-- Brevo shows only the present; what was is ours because every change is a version in raw.
with ours as (
    -- Whoever is on a list of ours was put there by us: that the tool has them on it is nobody's word for a yes.
    select coalesce(list(list_id), []) as lists from {{ source('door', 'lists') }} where platform = 'brevo'
)

select
    'brevo:' || _account || ':contact:' || _key as profile_id,
    case when not ends_with(payload ->> '$.email', '@mailin-sms.com') then payload ->> '$.email' end as email,
    {{ brevo_phone('payload') }} as phone,
    coalesce((payload ->> '$.emailBlacklisted')::boolean, false) as is_email_blocked,
    coalesce((payload ->> '$.smsBlacklisted')::boolean, false) as is_sms_blocked,
    list_filter(
        coalesce(from_json(payload -> '$.listIds', '["VARCHAR"]'), []),
        lambda one: not list_contains(ours.lists, one)
    ) as lists,
    coalesce(from_json(payload -> '$.listUnsubscribed', '["VARCHAR"]'), []) as left_lists,
    coalesce((payload ->> '$.attributes."DOUBLE_OPT-IN"') = '1', false) as has_confirmed,
    try_cast(payload ->> '$.createdAt' as timestamptz) as created_at,
    _recorded_at as recorded_at,
    _ingested_at as ingested_at,
    _via as via,
    _ordinal as version_number
from {{ history(source('raw_brevo', 'contacts')) }}
cross join ours
