-- One row per refund of an order.
with orders as (
    select
        order_id,
        profile_id,
        account,
        shop_order_id,
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
        coalesce(refund ->> '$.legacyResourceId', regexp_extract(refund ->> '$.id', '(\d+)$', 1)) as refund_number,
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
        'rest' as refund_number,
        any_value(orders.refunded) - coalesce(sum(dated.amount), 0) as amount,
        any_value(orders.last_seen_at) as refunded_at
    from orders
    left join dated on orders.order_id = dated.order_id
    group by orders.order_id
    having any_value(orders.refunded) > coalesce(sum(dated.amount), 0)
),

-- An order comes again with each refund.
told as (
    select * from {{ first_told(source('raw_shopify', 'orders'), {'told': 'true'}, parts="list_transform(
        from_json(payload -> '$.refunds', '[{\"legacyResourceId\": \"VARCHAR\", \"id\": \"VARCHAR\"}]'),
        lambda one: coalesce(one.legacyresourceid, regexp_extract(one.id, '(\\d+)$', 1))
    )") }}
)

select
    refunds.order_id,
    refunds.order_id || ':refund:' || refunds.refund_number as refund_id,
    refunds.amount,
    refunds.refunded_at,
    orders.profile_id,
    orders.account,
    orders.currency,
    orders.is_test,
    orders.touched_at,
    orders.ingested_at,
    coalesce(told.told_known_at, orders.ingested_at) as known_since
from (
    select * from dated
    union all
    select * from undated
) as refunds
inner join orders on refunds.order_id = orders.order_id
left join told
    on
        orders.account = told._account
        and orders.shop_order_id = told._key
        and refunds.refund_number = told.part
