-- Money neither appears nor vanishes on its way to people: customers and the row for nobody known are the
-- orders' sum, per currency and column; and the customer table says the same.
{{ config(meta={'dagster': {'ref': {'name': 'revenue_by_customer'}}}) }}
with ordered as (
    select
        coalesce(currency, '{{ var("currency") }}') as currency, sum(gross) as gross, sum(refunded) as refunded,
        sum(net) as net
    from {{ ref('orders') }}
    group by 1
),

attributed as (
    select currency, sum(gross) as gross, sum(refunded) as refunded, sum(net) as net
    from {{ ref('revenue_by_customer') }}
    group by 1
),

told as (
    select
        (select coalesce(sum(net_revenue_total), 0) from {{ ref('customers') }}) as net_of_customers,
        (
            select coalesce(sum(net_converted), 0) from {{ ref('orders') }} where customer_id is not null
        ) as net_of_orders
)

select ordered.currency, ordered.net, attributed.net as attributed_net
from ordered
left join attributed on ordered.currency = attributed.currency
where
    (ordered.gross, ordered.refunded, ordered.net) is distinct from
    (attributed.gross, attributed.refunded, attributed.net)
union all
select 'converted', net_of_orders, net_of_customers
from told
where net_of_orders <> net_of_customers
