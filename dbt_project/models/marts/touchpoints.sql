-- One row per dated contact of a customer with a channel: forms, visits, orders, reviews, recommendations, and what
-- they said about being written to. Consent is decided from events and acts apart; here both are one story.
with contacts as (
    select
        events.event_id as touchpoint_id,
        profiles.customer_id,
        events.occurred_at,
        events.event_type as touch_type,
        events.platform,
        events.channel,
        events.campaign_id,
        events.evidence
    from {{ ref('events') }} as events
    inner join {{ ref('int_customer_profiles') }} as profiles on events.profile_id = profiles.profile_id
    -- What happened to an order afterwards is no contact.
    where events.event_type not in ('order_refunded', 'order_charged_back', 'order_cancelled')
),

-- An act on a number two people share is told of both, and once of each.
permissions as (
    select
        consent_act_id || ' of ' || customer_id as touchpoint_id,
        customer_id,
        min(occurred_at) as occurred_at,
        'permission_' || any_value(act) as touch_type,
        any_value(platform) as platform,
        any_value(channel) as channel,
        null::varchar as campaign_id,
        any_value(evidence_record_id) as evidence
    from {{ ref('consents') }}
    -- What follows from an order is no word of theirs.
    where act <> 'implied_start'
    group by consent_act_id, customer_id
)

select
    touchpoint_id,
    customer_id,
    occurred_at,
    {{ local_day('occurred_at') }} as touch_date,
    touch_type,
    platform,
    channel,
    campaign_id,
    evidence
from (
    select * from contacts
    union all
    select * from permissions
) as told
