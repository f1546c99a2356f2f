-- One row per version of a contact: whether it had left everything, and how each of its addresses stood on each kind
-- of mail. A version without `states` was told by a way that knows none (a file, an app without the scope).
select
    'hubspot:' || _account || ':contact:' || _key as profile_id,
    _account as account,
    nullif(trim(payload ->> '$.properties.email'), '') as email,
    coalesce(lower(payload ->> '$.properties.hs_email_optout') = 'true', false) as has_left_everything,
    case
        when json_type(payload -> '$.subscriptions') = 'ARRAY'
            then list_transform(
                from_json(payload -> '$.subscriptions', '["JSON"]'),
                lambda one: struct_pack(
                    address := lower(trim(one ->> '$.subscriberIdString')),
                    subscription_id := one ->> '$.subscriptionId',
                    told_name := one ->> '$.subscriptionName',
                    status := coalesce(one ->> '$.status', ''),
                    legal_basis := coalesce(one ->> '$.legalBasis', ''),
                    stated_at := try_cast(one ->> '$.timestamp' as timestamptz)
                )
            )
    end as states,
    _recorded_at as recorded_at,
    _ingested_at as ingested_at,
    _via as via,
    _ordinal as version_number
from {{ history(source('raw_hubspot', 'contacts')) }}
