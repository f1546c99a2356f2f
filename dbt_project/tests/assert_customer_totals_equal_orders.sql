-- Money neither appears nor vanishes on its way to people: customers and the row for nobody known are the
-- orders' sum, per currency and column; and the customer table says the same.
{{ config(meta={'dagster': {'ref': {'name': 'revenue_by_customer'}}}) }}
with ordered as (
    select
        coalesce(currency, '{{ var("currency") }}') as currency, sum(gross) as gross, sum(refunded) as refunded,
        sum(net) as net, sum(net) filter (where customer_id is not null) as net_of_customers
    from {{ ref('orders') }}
    group by 1
),

attributed as (
    select currency, sum(gross) as gross, sum(refunded) as refunded, sum(net) as net
    from {{ ref('revenue_by_customer') }}
    group by 1
),

told as (
    select currency, sum(net_revenue_total) as net_of_customers
    from {{ ref('customers') }}
    group by 1
)

select ordered.currency, ordered.net, attributed.net as attributed_net, told.net_of_customers
from ordered
left join attributed on ordered.currency = attributed.currency
left join told on ordered.currency = told.currency
where
    (ordered.gross, ordered.refunded, ordered.net) is distinct from
    (attributed.gross, attributed.refunded, attributed.net)
    or coalesce(told.net_of_customers <> coalesce(ordered.net_of_customers, 0), false)
