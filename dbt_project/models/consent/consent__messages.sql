-- One row per message somebody sent back by SMS that says stop, in French or English, and nothing else; and per
-- unsubscribe or complaint a mail tool reports as an event. STOP closes marketing on the channel; so does a
-- one-click unsubscribe that names no list. It bears on the address or number the contact had then.
with events as (
    select
        *,
        {{ name_key("properties ->> '$.text'") }} as words,
        nullif(properties ->> '$.list', '') as list_id
    from {{ ref('stg_brevo__events') }}
),

acts as (
    select *, 'sms' as channel, 'withdraw' as act, 'marketing' as purpose, 'answered STOP' as reason
    from events
    where
        event_name in ('sms_reply', 'sms_received')
        and words in (select stop_words.word from {{ ref('stop_words') }} as stop_words)
    union all by name
    select *, 'sms' as channel, 'withdraw' as act, 'marketing' as purpose, 'unsubscribed' as reason
    from events
    where event_name in ('sms_unsubscribed', 'sms_unsubscribe')
    union all by name
    select
        *, 'email' as channel, 'withdraw' as act, coalesce('newsletter:' || list_id, 'marketing') as purpose,
        'unsubscribed' as reason
    from events
    where event_name in ('unsubscribed', 'unsubscribe')
    union all by name
    select *, 'email' as channel, 'complaint' as act, 'marketing' as purpose, 'reported it as spam' as reason
    from events
    where event_name in ('spam', 'complaint', 'complained')
),

-- An address changed since then would take the no along, and the old one would be written to again.
pointed as (
    select
        acts.event_id,
        acts.act,
        acts.profile_id,
        acts.channel,
        acts.purpose,
        acts.reason,
        acts.occurred_at,
        acts.ingested_at,
        coalesce(
            arg_max(held.email, held.recorded_at) filter (where held.recorded_at <= acts.occurred_at),
            arg_min(held.email, held.recorded_at)
        ) as email,
        coalesce(
            arg_max(held.phone, held.recorded_at) filter (where held.recorded_at <= acts.occurred_at),
            arg_min(held.phone, held.recorded_at)
        ) as phone
    from acts
    left join {{ ref('stg_brevo__consent_states') }} as held on acts.profile_id = held.profile_id
    group by all
)

select
    event_id || ':' || act as consent_act_id,
    profile_id,
    'brevo' as platform,
    case channel when 'email' then email else phone end as raw_value,
    channel,
    purpose,
    act,
    'person' as actor,
    'consent' as basis,
    occurred_at,
    'second' as occurred_at_precision,
    ingested_at,
    event_id as evidence_record_id,
    reason
from pointed
