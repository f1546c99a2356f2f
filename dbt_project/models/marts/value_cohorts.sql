-- One row per month of first orders and month of life: what those customers have spent by then, each counted from
-- their own first order; and one per month of life for all cohorts old enough (`cohort_month` empty). Refunds
-- count in the month of their order. A month some of them have not lived to the end is no result yet.
with purchases as (
    select
        customer_id,
        order_date,
        coalesce(net_converted, 0) as net,
        min(order_date) over (partition by customer_id) as first_order_on
    from {{ ref('orders') }}
    where customer_id is not null and gross > 0
),

members as (
    select customer_id, date_trunc('month', first_order_on)::date as cohort_month, order_date, net, first_order_on
    from purchases
),

sizes as (
    select cohort_month, count(distinct customer_id) as customer_count
    from members
    group by cohort_month
),

months as (
    select
        cohort_month,
        customer_count,
        unnest(range(0, datediff('month', cohort_month, {{ as_of('lifecycle') }}) + 1)) as month_number
    from sizes
),

spent as (
    select
        cohort_month,
        datesub('month', first_order_on, order_date) as month_number,
        sum(net) as net,
        count(distinct customer_id) as buyer_count
    from members
    group by 1, 2
),

curves as (
    select
        months.cohort_month,
        months.month_number,
        months.customer_count,
        coalesce(spent.buyer_count, 0) as buyer_count,
        coalesce(spent.net, 0) as net,
        sum(coalesce(spent.net, 0)) over so_far as net_so_far,
        -- The youngest of them began on the last day of that month.
        (months.cohort_month + to_months(1))::date - 1
        + to_months((months.month_number + 1)::integer) <= {{ as_of('lifecycle') }} as is_mature
    from months
    left join spent on months.cohort_month = spent.cohort_month and months.month_number = spent.month_number
    window so_far as (partition by months.cohort_month order by months.month_number)
),

pooled as (
    select
        null::date as cohort_month,
        month_number,
        sum(customer_count) as customer_count,
        sum(buyer_count) as buyer_count,
        sum(net) as net,
        sum(net_so_far) as net_so_far,
        true as is_mature
    from curves
    where is_mature
    group by month_number
),

told as (
    select * from curves
    union all
    select * from pooled
)

select
    cohort_month,
    month_number::integer as month_number,
    customer_count::integer as customer_count,
    buyer_count::integer as buyer_count,
    net::decimal(18, 2) as net,
    net_so_far::decimal(18, 2) as net_so_far,
    case when not is_mature then 'immature' when customer_count < 30 then 'too_few' else 'mature' end as status,
    -- Of a handful of people a mean is one of them.
    case when is_mature and customer_count >= 30 then net_so_far / customer_count end::decimal(18, 2)
        as net_per_customer_so_far
from told
