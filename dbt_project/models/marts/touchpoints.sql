-- One row per dated contact of a customer with a channel: forms, visits, orders, reviews, recommendations.
select
    events.event_id as touchpoint_id,
    profiles.customer_id,
    events.occurred_at,
    {{ local_day('events.occurred_at') }} as touch_date,
    events.event_type as touch_type,
    events.platform,
    events.channel,
    events.campaign_id,
    events.evidence
from {{ ref('events') }} as events
inner join {{ ref('int_customer_profiles') }} as profiles on events.profile_id = profiles.profile_id
-- What happened to an order afterwards is no contact.
where events.event_type not in ('order_refunded', 'order_charged_back', 'order_cancelled')
