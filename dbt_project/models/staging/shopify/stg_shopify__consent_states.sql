-- One row per version of a shop customer and channel: the marketing state the shop held then. The person
-- acted when the shop says the state was updated, not when we looked.
with versions as (
    select *
    from {{ history(source('raw_shopify', 'customers')) }}
),

states as (
    select
        _account, _key, _via, _ordinal, _recorded_at, _ingested_at,
        'email' as channel,
        payload ->> '$.defaultEmailAddress.emailAddress' as raw_value,
        payload ->> '$.defaultEmailAddress.marketingState' as state,
        payload ->> '$.defaultEmailAddress.marketingOptInLevel' as opt_in_level,
        payload ->> '$.defaultEmailAddress.marketingUpdatedAt' as updated_at
    from versions
    union all
    select
        _account, _key, _via, _ordinal, _recorded_at, _ingested_at,
        'sms' as channel,
        payload ->> '$.defaultPhoneNumber.phoneNumber' as raw_value,
        payload ->> '$.defaultPhoneNumber.marketingState' as state,
        payload ->> '$.defaultPhoneNumber.marketingOptInLevel' as opt_in_level,
        payload ->> '$.defaultPhoneNumber.marketingUpdatedAt' as updated_at
    from versions
)

select
    'shopify:' || _account || ':customer:' || _key as profile_id,
    channel,
    raw_value,
    state,
    opt_in_level,
    try_cast(updated_at as timestamptz) as updated_at,
    _recorded_at as recorded_at,
    _ingested_at as ingested_at,
    _via as via,
    _ordinal as version_number
from states
where raw_value is not null and state is not null
