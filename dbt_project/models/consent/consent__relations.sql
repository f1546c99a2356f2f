-- One row per purchase or inquiry of somebody whose law derives a permission from it for a while (Canada)
-- or may do so (own customers who were offered a way out). Which it is worth, int_consent__decided says.
with stated as (
    select profile_id, min(match_value) as country
    from {{ ref('identifiers') }}
    where identifier_type = 'country'
    group by profile_id
),

laws as (
    select
        country,
        bool_or(purchase_months is not null) as derives_from_purchase,
        bool_or(inquiry_months is not null) as derives_from_inquiry
    from {{ ref('consent_policies') }}
    group by country
)

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
inner join stated on events.profile_id = stated.profile_id
inner join laws on stated.country = laws.country
cross join (values ('email'), ('sms')) as channels (channel)
where
    (laws.derives_from_purchase and events.event_type = 'order_paid' and events.amount > 0)
    or (laws.derives_from_inquiry and events.event_type in ('lead_created', 'form_answered', 'quote_requested'))
