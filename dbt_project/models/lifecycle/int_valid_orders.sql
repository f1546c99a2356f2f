-- One row per order that counted at some time: from the day it was paid to the day it was cancelled or
-- nothing of its goods was left after refunds. Gifts and samples (nothing paid for goods) never count.
with orders as (
    select
        customer_id,
        evidence as order_id,
        min(event_date) as order_date,
        min(occurred_at) as ordered_at,
        sum(amount) - coalesce(sum((details ->> '$.shipping')::decimal(18, 2)), 0) as goods,
        any_value(details ->> '$.order_name') as order_name
    from {{ ref('int_customer_events') }}
    where event_type = 'order_paid'
    group by customer_id, evidence
),

refunded as (
    select
        evidence as order_id,
        event_date,
        sum(sum(amount)) over (partition by evidence order by event_date) as refunded_so_far
    from {{ ref('int_customer_events') }}
    where event_type = 'order_refunded'
    group by evidence, event_date
),

ended as (
    select orders.order_id, min(refunded.event_date) as ended_on, 'refund' as cause
    from orders
    inner join refunded on orders.order_id = refunded.order_id
    where refunded.refunded_so_far >= orders.goods
    group by orders.order_id
    union all
    select evidence as order_id, min(event_date) as ended_on, 'cancellation' as cause
    from {{ ref('int_customer_events') }}
    where event_type = 'order_cancelled'
    group by evidence
)

select
    orders.customer_id,
    orders.order_id,
    orders.order_name,
    orders.ordered_at,
    orders.order_date as valid_from,
    min(ended.ended_on) as valid_to,
    arg_min(ended.cause, (ended.ended_on, ended.cause)) as end_cause
from orders
left join ended on orders.order_id = ended.order_id
where orders.goods > 0
group by all
-- Undone on the day itself: it never was.
having coalesce(min(ended.ended_on) > orders.order_date, true)
