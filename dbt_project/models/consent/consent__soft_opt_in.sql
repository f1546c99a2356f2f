-- One row per paid order that makes somebody an own customer who may hear of similar goods: only of a shop whose
-- checkout is declared, from a day on, to offer a way out (`permission.soft_opt_in` in firsthand.yaml). No shop
-- tells it of an order by itself, and without all three conditions an order proves nothing.
select
    events.event_id || ':soft_opt_in:' || channels.channel as consent_act_id,
    events.profile_id,
    events.platform,
    channels.channel,
    'marketing' as purpose,
    'implied_start' as act,
    'person' as actor,
    'soft_opt_in' as basis,
    events.occurred_at,
    'second' as occurred_at_precision,
    events.ingested_at,
    events.evidence as evidence_record_id,
    json_object('sale_order_id', events.evidence, 'similar_products', true, 'optout_offered', true)::varchar
        as evidence,
    'bought, and was offered a way out' as reason
from {{ ref('events') }} as events
cross join (values ('email'), ('sms')) as channels (channel)
where
    events.event_type = 'order_paid'
    and events.amount > 0
    and {{ is_declared_sale('events.platform', 'events.occurred_at') }}
