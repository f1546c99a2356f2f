-- What each order left, as the questions after this one read it: margin where a rate was configured when it was
-- computed, else revenue; `is_margin` says which. Temporary.
create temp table earned as
with margin as (
    select coalesce(bool_or(contribution is not null), false) as is_margin
    from order_campaigns
)

select
    orders.order_id,
    orders.customer_id,
    orders.order_date,
    orders.is_purchase,
    orders.brought_by,
    orders.is_paid_for,
    orders.net_converted as net,
    margin.is_margin,
    coalesce(case when margin.is_margin then orders.contribution else orders.net_converted end, 0) as value,
    min(orders.order_date) filter (where orders.is_purchase) over (partition by orders.customer_id) as first_order_on
from order_campaigns as orders
cross join margin
where orders.order_date <= $day::date
