-- One row per customer who is lost with what goes, dearest first: whom to win over to a channel of ours.
select
    drilled.customer_id,
    customers.display_name,
    drilled.stage,
    drilled.country,
    drilled.first_order_on,
    drilled.order_count,
    drilled.net_revenue_12m,
    array_to_string(drilled.rented_from || drilled.owned_channels, ', ') as reached_through
from drilled
inner join customers on drilled.customer_id = customers.customer_id
where drilled.is_sole
order by drilled.net_revenue_12m desc, drilled.order_count desc, drilled.first_seen_on desc, drilled.customer_id
