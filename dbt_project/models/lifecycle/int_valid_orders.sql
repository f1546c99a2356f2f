-- One row per order that counted at some time: from the day it was paid to the day it was cancelled or
-- nothing of its goods was left after refunds. Gifts and samples (nothing paid for goods) never count, nor do what
-- our own people buy. The start of a subscription is such an occasion too; its renewals are not.
{{ config(materialized='kept', settled_by='lifecycle', keys=['n'], stale=['int_lifecycle__touched']) }}
{% set touched = ref('int_lifecycle__touched') %}

with buyers as (
    select n as profile_n, customer_id, {{ digest('customer_id') }} as n
    from {{ ref('int_customer_profiles') }}
    where
        profile_id not in (
            select addresses.profile_id
            from {{ ref('identifiers') }} as addresses
            inner join {{ ref('internal_domains') }} as internal
                on split_part(addresses.match_value, '@', 2) = internal.domain
            where addresses.identifier_type = 'email'
        )
        {% if not is_full_lifecycle() %}
            and customer_id in (select subject_id from {{ touched }} where not is_account)
        {% endif %}
),

told as (
    select buyers.customer_id, buyers.n, events.*
    from {{ events_of_touched() }} as events
    inner join buyers on events.profile_n = buyers.profile_n
    where events.event_type in (
        'order_paid', 'order_refunded', 'order_charged_back', 'order_cancelled', 'subscription_started'
    )
),

orders as (
    select
        customer_id,
        n,
        evidence as order_id,
        details ->> '$.order_name' as order_name,
        occurred_at as ordered_at,
        event_date as order_date,
        amount - coalesce((details ->> '$.shipping')::decimal(18, 2), 0) as goods
    from told
    -- What is paid for a subscription: its start is the occasion, told by itself.
    where event_type = 'order_paid' and (details ->> '$.subscription') is null
),

refunded as (
    select
        evidence as order_id,
        event_date,
        sum(sum(amount)) over (partition by evidence order by event_date) as refunded_so_far
    from told
    where event_type in ('order_refunded', 'order_charged_back')
    group by evidence, event_date
),

undone as (
    select orders.order_id, min(refunded.event_date) as undone_on, 'refund' as cause
    from orders
    inner join refunded on orders.order_id = refunded.order_id
    where refunded.refunded_so_far >= orders.goods
    group by orders.order_id
    union all
    select evidence, min(event_date), 'cancellation'
    from told
    where event_type = 'order_cancelled'
    group by evidence
),

ended as (
    select order_id, min(undone_on) as undone_on, arg_min(cause, (undone_on, cause)) as cause
    from undone
    group by order_id
)

select
    orders.customer_id,
    orders.n,
    orders.order_id,
    orders.order_name,
    orders.ordered_at,
    orders.order_date as valid_from,
    ended.undone_on as valid_to,
    ended.cause as end_cause
from orders
left join ended on orders.order_id = ended.order_id
where
    orders.goods > 0
    -- Undone on the day itself: it never was.
    and coalesce(ended.undone_on > orders.order_date, true)
union all
select customer_id, n, event_id, null, occurred_at, event_date, null, null
from told
where event_type = 'subscription_started' and coalesce(amount > 0, true)
