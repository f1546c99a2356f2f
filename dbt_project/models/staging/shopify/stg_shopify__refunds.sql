-- One row per refund of an order.
with orders as (
    select
        order_id,
        profile_id,
        account,
        is_test,
        currency,
        refunded,
        last_seen_at,
        touched_at,
        ingested_at,
        from_json(refunds, '["JSON"]') as refunds
    from {{ ref('stg_shopify__orders') }}
),

listed as (
    select
        * exclude (refunds),
        unnest(refunds) as refund
    from orders
),

dated as (
    select
        order_id,
        order_id || ':refund:' || coalesce(
            refund ->> '$.legacyResourceId', regexp_extract(refund ->> '$.id', '(\d+)$', 1)
        ) as refund_id,
        coalesce((refund ->> '$.totalRefundedSet.shopMoney.amount')::decimal(18, 2), 0) as amount,
        coalesce(
            try_cast(refund ->> '$.processedAt' as timestamptz), try_cast(refund ->> '$.createdAt' as timestamptz)
        ) as refunded_at
    from listed
),

-- An export tells how much was refunded and not when: the rest is dated by when we were told.
undated as (
    select
        orders.order_id,
        orders.order_id || ':refund:rest' as refund_id,
        any_value(orders.refunded) - coalesce(sum(dated.amount), 0) as amount,
        any_value(orders.last_seen_at) as refunded_at
    from orders
    left join dated on orders.order_id = dated.order_id
    group by orders.order_id
    having any_value(orders.refunded) > coalesce(sum(dated.amount), 0)
)

select
    refunds.*,
    orders.profile_id,
    orders.account,
    orders.currency,
    orders.is_test,
    orders.touched_at,
    orders.ingested_at
from (
    select * from dated
    union all
    select * from undated
) as refunds
inner join orders on refunds.order_id = orders.order_id
