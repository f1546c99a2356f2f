-- One row per change of what Klaviyo holds of a profile's permission, and per goodbye or complaint it dates. Who
-- subscribed in a way of their own has said yes, confirmed where they clicked in a mail; else it is the tool's word.
-- Never having been asked is neither yes nor no, however Klaviyo calls it.
--
-- A suppression says why: who left or complained has said no, of everything or of one list; who was put away by hand is
-- taken for a no of theirs; a mailbox where nothing arrives is no word about permission.
{% set of_profile = 'profile_id, email, phone, via, version_number, recorded_at, ingested_at' %}

with versions as (
    select * from {{ ref('stg_klaviyo__consent_states') }}
),

told as (
    select {{ of_profile }}, unnest(channels, recursive := true) from versions
),

standing as (
    select
        *,
        -- What was said bears on the address or number it was said for.
        case channel when 'email' then email else phone end as raw_value,
        lag(consent, 1, '') over point as former_consent,
        lag(stated_at) over point as formerly_stated_at,
        {{ klaviyo_is_own_act('method') }} or is_double as is_own_act
    from told
    window point as (
        partition by profile_id, via, channel, case channel when 'email' then email else phone end
        order by version_number
    )
),

let_in as (
    select
        *,
        case
            -- Let in again with the old proof is somebody's click in the tool.
            when not is_own_act or stated_at is null or stated_at = formerly_stated_at then ['asserted_grant']
            when is_double then ['grant', 'confirm']
            else ['grant']
        end as said
    from standing
    where consent = 'SUBSCRIBED' and former_consent <> 'SUBSCRIBED'
),

suppressed_then as (
    select
        {{ of_profile }},
        unnest(list_transform(
            suppressions,
            lambda one: struct_pack(list_id := one['list_id'], reason := one['reason'], told_at := one['timestamp'])
        ), recursive := true)
    from versions
),

suppressed as (
    select
        *,
        upper(reason) as why,
        try_cast(told_at as timestamptz) as suppressed_at,
        row_number() over (
            partition by profile_id, via, email, list_id, upper(reason), told_at order by version_number
        ) as told_before
    from suppressed_then
),

acts as (
    select
        {{ of_profile }}, raw_value, channel, 'marketing' as purpose, unnest(said) as act, stated_at,
        case
            when said = ['asserted_grant'] then 'subscribed in the mail tool'
            when is_double then 'signed up, and confirmed in a mail (double opt-in)'
            else 'signed up'
        end as reason,
        method_detail as collection_point, method as reference
    from let_in
    union all by name
    select
        {{ of_profile }}, raw_value, channel, 'marketing' as purpose, 'asserted_optout' as act, stated_at,
        'unsubscribed in the mail tool' as reason, null as collection_point, method as reference
    from standing
    where consent = 'UNSUBSCRIBED' and former_consent <> 'UNSUBSCRIBED'
    union all by name
    select
        {{ of_profile }}, email as raw_value, 'email' as channel,
        coalesce('newsletter:' || list_id, 'marketing') as purpose,
        case why
            when 'SPAM_COMPLAINT' then 'complaint'
            when 'UNSUBSCRIBE' then 'withdraw'
            else 'asserted_optout'
        end as act,
        suppressed_at as stated_at,
        case why
            when 'SPAM_COMPLAINT' then 'reported it as spam'
            when 'UNSUBSCRIBE' then case when list_id is null then 'unsubscribed' else 'left one list' end
            else 'suppressed by hand in the mail tool'
        end as reason,
        list_id as collection_point, why as reference
    from suppressed
    where told_before = 1 and why not in ('HARD_BOUNCE', 'INVALID_EMAIL')
),

-- An address changed since then would take the no along, and the old one would be written to again.
said_in_events as (
    select
        events.event_id,
        events.profile_id,
        events.event_name,
        events.occurred_at,
        events.known_since,
        coalesce(
            arg_max(held.email, held.recorded_at) filter (where held.recorded_at <= events.occurred_at),
            arg_min(held.email, held.recorded_at)
        ) as email,
        coalesce(
            arg_max(held.phone, held.recorded_at) filter (where held.recorded_at <= events.occurred_at),
            arg_min(held.phone, held.recorded_at)
        ) as phone
    from {{ ref('stg_klaviyo__events') }} as events
    left join versions as held on events.profile_id = held.profile_id
    where events.event_name in ('unsubscribed', 'sms_unsubscribed', 'complained')
    group by all
)

select
    concat_ws(':', profile_id, channel, purpose, reference, act, via, version_number, epoch_ms(stated_at))
        as consent_act_id,
    profile_id,
    'klaviyo' as platform,
    raw_value,
    channel,
    purpose,
    act,
    case when act like 'asserted%' then 'source_state' else 'person' end as actor,
    'consent' as basis,
    coalesce(stated_at, recorded_at) as occurred_at,
    case when stated_at is null and version_number = 1 then 'first_seen' else 'second' end as occurred_at_precision,
    ingested_at,
    profile_id as evidence_record_id,
    collection_point,
    reason
from acts
where raw_value is not null

union all by name

select
    event_id || ':said' as consent_act_id,
    profile_id,
    'klaviyo' as platform,
    case event_name when 'sms_unsubscribed' then phone else email end as raw_value,
    case event_name when 'sms_unsubscribed' then 'sms' else 'email' end as channel,
    'marketing' as purpose,
    case event_name when 'complained' then 'complaint' else 'withdraw' end as act,
    'person' as actor,
    'consent' as basis,
    occurred_at,
    'second' as occurred_at_precision,
    known_since as ingested_at,
    event_id as evidence_record_id,
    null as collection_point,
    case event_name when 'complained' then 'reported it as spam' else 'unsubscribed' end as reason
from said_in_events
where case event_name when 'sms_unsubscribed' then phone else email end is not null
