-- One row per customer: who came when and by whom, how far they have got and what they have paid.
-- reads customers: customer_id, first_seen_on, stage, order_count, net_revenue_total
-- reads customer_ownership: customer_id, acquired_from
select
    customers.customer_id as person,
    strftime(customers.first_seen_on, '%Y-%m') as first_seen_month,
    customer_ownership.acquired_from,
    (customers.stage <> 'lead') as beyond_lead,
    (customers.order_count > 0) as bought,
    customers.net_revenue_total
from customers
left join customer_ownership on customers.customer_id = customer_ownership.customer_id
