-- One row per customer: the campaign or post that first brought them, and how far they have got. The first day counts
-- as one contact, for a mail tool and a shop each stamp the same moment a little differently; where it tells nothing,
-- what they answered to "how did you hear of us" does. Nobody is brought by two.
with contacts as (
    select customer_id, min(event_date) as first_contact_on
    from {{ ref('int_customer_events') }}
    group by customer_id
),

first_named as (
    select
        contacts.customer_id,
        arg_min(
            touches.campaign_key, (touches.named_by = 'said', touches.occurred_at, touches.touchpoint_id)
        ) as campaign_key,
        arg_min(touches.named_by, (touches.named_by = 'said', touches.occurred_at, touches.touchpoint_id)) as named_by
    from contacts
    inner join {{ ref('campaign_touches') }} as touches
        on
            contacts.customer_id = touches.customer_id
            and (touches.touch_date = contacts.first_contact_on or touches.named_by = 'said')
    group by contacts.customer_id
)

select
    owned.customer_id,
    first_named.campaign_key,
    first_named.named_by,
    owned.acquired_from,
    owned.acquired_kind,
    coalesce(contacts.first_contact_on, owned.first_seen_on) as first_contact_on,
    len(owned.owned_channels) > 0 as is_reachable,
    -- A month to say yes, to confirm, to bounce: who came later is not judged yet.
    coalesce(contacts.first_contact_on, owned.first_seen_on) <= {{ as_of('lifecycle') }} - 30 as is_reach_mature,
    owned.stage <> 'lead' as is_qualified,
    owned.first_order_on
from {{ ref('customer_ownership') }} as owned
left join contacts on owned.customer_id = contacts.customer_id
left join first_named on owned.customer_id = first_named.customer_id
