-- What each order left, as the questions after this one read it: margin where a rate was configured when it was
-- computed, else revenue; `is_margin` says which. What was paid for several months at once has a row for each, a month
-- apart, of which the first is the purchase: a contract of years is not earned on the day it is signed. Temporary.
create temp table earned as
with margin as (
    select coalesce(bool_or(contribution is not null), false) as is_margin
    from order_campaigns
),

valued as (
    select
        orders.order_id,
        orders.customer_id,
        orders.order_date,
        orders.is_purchase,
        orders.brought_by,
        orders.is_paid_for,
        orders.term_months,
        orders.term_shares,
        orders.net_converted as net,
        margin.is_margin,
        coalesce(case when margin.is_margin then orders.contribution else orders.net_converted end, 0) as value
    from order_campaigns as orders
    cross join margin
    where orders.order_date <= $day::date
),

-- What of the whole is earned before a part: parts are differences, so that no cent is lost in rounding.
parts as (
    select
        * exclude (term_months, term_shares),
        unnest(list_transform(
            term_months,
            lambda months, place: {
                'months': months,
                'before': list_sum(term_shares[1:place - 1]),
                'share': term_shares[place],
                'is_first': place = 1
            }
        )) as term
    from valued
    where term_months is not null
),

portions as (
    select
        *,
        unnest(range(term.months)) as month_number
    from parts
),

told as (
    select * exclude (term_months, term_shares)
    from valued
    where term_months is null
    union all by name
    select
        order_id,
        customer_id,
        (order_date + to_months(month_number::integer))::date as order_date,
        is_purchase and term.is_first and month_number = 0 as is_purchase,
        brought_by,
        is_paid_for,
        is_margin,
        (net * upto)::decimal(18, 2) - (net * since)::decimal(18, 2) as net,
        (value * upto)::decimal(18, 2) - (value * since)::decimal(18, 2) as value
    from (
        select
            *,
            coalesce(term.before, 0) + term.share * month_number / term.months as since,
            coalesce(term.before, 0) + term.share * (month_number + 1) / term.months as upto
        from portions
    ) as bounded
)

select
    *,
    min(order_date) filter (where is_purchase) over (partition by customer_id) as first_order_on
from told
where order_date <= $day::date
