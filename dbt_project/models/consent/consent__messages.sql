-- One row per message somebody sent back by SMS that says stop, in French or English, and nothing else; and per
-- unsubscribe, complaint or confirmation a mail tool reports as an event. STOP closes marketing on the channel; so does
-- a one-click unsubscribe that names no list.
{% set named = {
    'sms_reply': ('sms', none), 'sms_received': ('sms', none),
    'sms_unsubscribed': ('sms', 'withdraw'), 'sms_blacklisted': ('sms', 'asserted_optout'),
    'unsubscribed': ('email', 'withdraw'), 'unsubscribe': ('email', 'withdraw'),
    'spam': ('email', 'complaint'), 'complaint': ('email', 'complaint'), 'complained': ('email', 'complaint'),
} %}
with events as (
    select
        *,
        {{ name_key("properties ->> '$.text'") }} as words,
        coalesce('newsletter:' || nullif(properties ->> '$.list', ''), 'marketing') as named_purpose
    from {{ ref('stg_brevo__events') }}
    where event_name in ('{{ named | join("', '") }}')
),

acts as (
    select
        *,
        case event_name
            {%- for name, (channel, act) in named.items() %}
            when '{{ name }}' then '{{ channel }}'
            {%- endfor %}
        end as channel,
        case event_name
            {%- for name, (channel, act) in named.items() if act %}
            when '{{ name }}' then '{{ act }}'
            {%- endfor %}
            else case when words in (select stop_words.word from {{ ref('stop_words') }} as stop_words) then 'withdraw' end
        end as act
    from events
)

select
    event_id || ':' || act as consent_act_id,
    profile_id,
    'brevo' as platform,
    channel,
    case when act = 'withdraw' and channel = 'email' then named_purpose else 'marketing' end as purpose,
    act,
    case when act like 'asserted%' then 'source_state' else 'person' end as actor,
    'consent' as basis,
    occurred_at,
    'second' as occurred_at_precision,
    ingested_at,
    event_id as evidence_record_id,
    case
        when event_name in ('sms_reply', 'sms_received') then 'answered STOP'
        when act = 'complaint' then 'reported it as spam'
        else 'unsubscribed'
    end as reason
from acts
where act is not null
