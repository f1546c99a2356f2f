-- One row per order: what was sold in which month, through which channel, to which country.
-- reads orders: customer_id, order_month, channel, gross_converted, refunded_converted, net_converted
-- reads customers: customer_id, country
select
    orders.customer_id as person,
    orders.order_month,
    orders.channel,
    customers.country,
    1 as orders,
    orders.gross_converted as gross,
    orders.refunded_converted as refunded,
    orders.net_converted as net
from orders
left join customers on orders.customer_id = customers.customer_id
