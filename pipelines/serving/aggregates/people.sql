-- One row per customer: how many stand where, and by what they may be reached.
-- reads customers: customer_id, stage, activity, country, can_email, can_sms, can_call, can_post, net_revenue_12m
select
    customer_id as person,
    stage,
    activity,
    country,
    can_email as may_be_emailed,
    (can_email or can_sms or can_call or can_post) as may_be_reached,
    net_revenue_12m
from customers
