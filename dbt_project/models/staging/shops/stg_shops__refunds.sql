-- One row per refund of an order of any shop.
with listed as (
    select order_id, platform, account, shop_order_id, last_seen_at, unnest(refunds, recursive := true)
    from {{ ref('stg_shops__orders') }}
),

-- A file tells how much was refunded and not when: the rest is dated by when we were told.
undated as (
    select
        orders.order_id,
        orders.platform,
        orders.account,
        orders.shop_order_id,
        orders.last_seen_at,
        'rest' as refund_number,
        any_value(orders.refunded) - coalesce(sum(listed.amount), 0) as amount,
        null::timestamptz as refunded_at
    from {{ ref('stg_shops__orders') }} as orders
    left join listed on orders.order_id = listed.order_id
    group by all
    having any_value(orders.refunded) > coalesce(sum(listed.amount), 0)
),

-- An order comes again with each refund.
told as (
    {% for shop in shops() %}
        {% if not loop.first %}union all{% endif %}
        select '{{ shop.name }}' as platform, *
        from {{ first_told(
            source('raw_' ~ shop.name, shop.orders), {'told': 'true'},
            parts="list_transform(" ~ refunds_told(shop.name) ~ ", lambda one: one.refund_number)"
        ) }}
    {% endfor %}
)

select
    refunds.order_id,
    refunds.platform,
    refunds.order_id || ':refund:' || refunds.refund_number as refund_id,
    refunds.amount,
    coalesce(refunds.refunded_at, refunds.last_seen_at) as refunded_at,
    orders.profile_id,
    orders.account,
    orders.currency,
    orders.is_test,
    orders.touched_at,
    orders.ingested_at,
    coalesce(told.told_known_at, orders.ingested_at) as known_since
from (
    select * from listed
    union all by name
    select * from undated
) as refunds
inner join {{ ref('stg_shops__orders') }} as orders on refunds.order_id = orders.order_id
left join told
    on
        refunds.platform = told.platform
        and refunds.account = told._account
        and refunds.shop_order_id = told._key
        and refunds.refund_number = told.part
