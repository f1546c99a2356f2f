-- One row per purchase or inquiry and channel it may speak for: some laws take it for a yes, for a while. What
-- it is worth where, and until when, the rules of `allowed` say.
select
    events.event_id || ':implied:' || channels.channel as consent_act_id,
    events.profile_id,
    events.platform,
    channels.channel,
    'marketing' as purpose,
    'implied_start' as act,
    'person' as actor,
    case when events.event_type = 'order_paid' then 'implied_purchase' else 'implied_inquiry' end as basis,
    events.occurred_at,
    'second' as occurred_at_precision,
    events.ingested_at,
    events.evidence as evidence_record_id,
    case when events.event_type = 'order_paid' then 'bought' else 'asked' end as reason
from {{ ref('events') }} as events
cross join (values ('email'), ('sms')) as channels (channel)
where
    (events.event_type = 'order_paid' and events.amount > 0)
    or events.event_type in ('lead_created', 'form_answered', 'quote_requested')
