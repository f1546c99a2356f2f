-- One row per paid order, kept even if nobody knows whose it is. Money in the order's currency, and beside it in
-- the company's; a cancelled order is listed and worth nothing, a test order was never one.
select
    orders.order_id,
    profiles.customer_id,
    orders.profile_id,
    orders.platform,
    orders.details ->> '$.account' as account,
    orders.details ->> '$.order_name' as order_name,
    orders.ordered_at,
    orders.order_date,
    strftime(orders.order_date, '%Y-%m') as order_month,
    case
        when orders.cancelled_at is not null then 'cancelled'
        when orders.refunded >= orders.gross and orders.gross > 0 then 'refunded'
        when orders.refunded > 0 then 'partially_refunded'
        else 'paid'
    end as status,
    orders.gross,
    orders.refunded,
    orders.net,
    (orders.details ->> '$.tax')::decimal(18, 2) as tax,
    (orders.details ->> '$.shipping')::decimal(18, 2) as shipping,
    orders.currency,
    orders.exchange_rate,
    orders.gross_converted,
    orders.refunded_converted,
    orders.net_converted,
    orders.channel,
    orders.campaign_id,
    orders.cancelled_at,
    orders.last_refunded_at
from {{ ref('int_orders') }} as orders
left join {{ ref('int_customer_profiles') }} as profiles on orders.profile_id = profiles.profile_id
