-- One row per customer: when, where and through what they came, and when they last did something
-- themselves.
{% set recently = "known.event_date > " ~ as_of('lifecycle') ~ " - 30" %}
with known as (
    select
        customer_id,
        event_date,
        occurred_at,
        event_id,
        event_type,
        platform,
        channel,
        campaign_id,
        details ->> '$.said' as said,
        {{ is_own_act('event_type') }} as is_own_act
    from {{ ref('int_customer_events') }}
),

first_orders as (
    select customer_id, min(occurred_at) as first_order_at
    from known
    where event_type = 'order_paid'
    group by customer_id
),

profiles as (
    select
        customer_id,
        min(coalesce(created_at, first_seen_at)) as created_at,
        arg_min(split_part(profile_id, ':', 1), (coalesce(created_at, first_seen_at), profile_id)) as platform
    from {{ ref('int_customer_profiles') }}
    group by customer_id
)

select
    profiles.customer_id,
    least(any_value({{ local_day('profiles.created_at') }}), min(known.event_date)) as first_seen_on,
    coalesce(arg_min(known.platform, (known.occurred_at, known.event_id)), any_value(profiles.platform))
        as first_platform,
    arg_min(known.channel, (known.occurred_at, known.event_id)) as first_source,
    arg_min(known.campaign_id, (known.occurred_at, known.event_id)) filter (where known.campaign_id is not null)
        as first_campaign,
    arg_min(known.said, (known.occurred_at, known.event_id)) filter (where known.said is not null)
        as said_they_heard_from,
    arg_max(known.channel, (known.occurred_at, known.event_id)) filter (
        where known.is_own_act and known.event_type <> 'order_paid' and known.occurred_at <= first_orders.first_order_at
    ) as last_source_before_first_order,
    max(known.event_date) filter (where known.is_own_act) as last_act_by_person_on,
    max(known.event_date) filter (
        where {{ is_sending('known.event_type') }} or {{ is_arrival('known.event_type') }}
    ) as last_contacted_on,
    greatest(
        count(*) filter (where {{ is_sending('known.event_type') }} and {{ recently }}),
        count(*) filter (where {{ is_arrival('known.event_type') }} and {{ recently }})
    ) as contacts_last_30d
from profiles
left join known on profiles.customer_id = known.customer_id
left join first_orders on profiles.customer_id = first_orders.customer_id
group by profiles.customer_id
