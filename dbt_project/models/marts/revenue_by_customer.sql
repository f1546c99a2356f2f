-- One row per customer and currency who ever paid, and one for what belongs to nobody known: together
-- they are the sum of `orders`, to the cent, before and after any merge, split or erasure.
select
    coalesce(customer_id, 'unattributed or erased') as customer_id,
    coalesce(currency, '{{ var("currency") }}') as currency,
    count(*) filter (where gross > 0) as order_count,
    sum(gross)::decimal(18, 2) as gross,
    sum(refunded)::decimal(18, 2) as refunded,
    sum(net)::decimal(18, 2) as net
from {{ ref('orders') }}
group by 1, 2
