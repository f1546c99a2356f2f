-- One row per quarter of first orders: what those customers cost and what they have left since, month of life by month,
-- each counted from their own first order. A month that not all have lived to its end is no result yet. Quarters, for
-- a month of a small company is a handful of people.
with members as (
    select distinct customer_id, first_order_on, date_trunc('quarter', first_order_on)::date as cohort
    from earned
    where customer_id is not null and first_order_on is not null
),

sizes as (
    select
        members.cohort,
        count(*) as customer_count,
        max(members.first_order_on) as last_began_on,
        count(*) filter (where people.activity = 'active') as active_count
    from members
    left join customer_ownership as people on members.customer_id = people.customer_id
    group by members.cohort
),

-- All of the quarter's spend, and tools and people for each of its days that have come.
costs as (
    select
        sizes.cohort,
        coalesce((
            select sum(costs.cost_converted)
            from campaign_costs as costs
            where date_trunc('quarter', costs.cost_date) = sizes.cohort and costs.cost_date <= $day::date
        ), 0) as media,
        ($tools::double + $people::double) * 12 / 365
        * (least((sizes.cohort + interval 3 month)::date, $day::date + 1) - sizes.cohort) as other
    from sizes
),

months as (
    select
        sizes.*,
        unnest(range(0, greatest(datesub('month', sizes.cohort, $day::date), 0) + 1))::integer as month_number
    from sizes
),

lived as (
    select
        members.cohort,
        -- A sum before the first order, money given back from before it, counts with it.
        greatest(datesub('month', members.first_order_on, earned.order_date), 0)::integer as month_number,
        sum(earned.value) as value
    from earned
    inner join members on earned.customer_id = members.customer_id
    group by 1, 2
),

curves as (
    select
        months.cohort,
        months.month_number,
        months.customer_count,
        coalesce(lived.value, 0) as value,
        sum(coalesce(lived.value, 0)) over (partition by months.cohort order by months.month_number) as value_so_far,
        -- From the last who began on: it may be younger than its quarter.
        (
            least((months.cohort + interval 3 month)::date - 1, $day::date) + to_months(months.month_number + 1)
        ) <= $day::date as is_mature
    from months
    left join lived on months.cohort = lived.cohort and months.month_number = lived.month_number
),

judged as (
    select
        curves.*,
        (costs.media + costs.other) / curves.customer_count as cac
    from curves
    inner join costs on curves.cohort = costs.cohort
)

select
    sizes.cohort,
    sizes.customer_count,
    sizes.active_count,
    sizes.active_count / sizes.customer_count as active_share,
    costs.media,
    costs.other,
    any_value(judged.cac) as cac,
    case
        when sizes.customer_count < $fewest::integer then 'too_few'
        when not bool_or(judged.is_mature) then 'immature'
        else 'told'
    end as status,
    -- Months are told from 1, as people count: the first ends a month after the first order.
    min(judged.month_number) filter (
        where judged.is_mature and judged.value_so_far / judged.customer_count >= judged.cac
    ) + 1 as payback_month,
    max(judged.month_number) filter (where judged.is_mature) + 1 as mature_months,
    max(judged.value_so_far / judged.customer_count) filter (where judged.is_mature and judged.month_number = 11)
        as value_12,
    max(judged.value_so_far / judged.customer_count) filter (where judged.is_mature and judged.month_number = 23)
        as value_24,
    max(judged.value) filter (where judged.is_mature and judged.month_number = 0) as first_month,
    -- Of the first month's, what the sixth and the twelfth still bring.
    max(judged.value) filter (where judged.is_mature and judged.month_number = 5)
    / nullif(max(judged.value) filter (where judged.is_mature and judged.month_number = 0), 0) as retained_6,
    max(judged.value) filter (where judged.is_mature and judged.month_number = 11)
    / nullif(max(judged.value) filter (where judged.is_mature and judged.month_number = 0), 0) as retained_12
from sizes
inner join costs on sizes.cohort = costs.cohort
inner join judged on sizes.cohort = judged.cohort
group by sizes.cohort, sizes.customer_count, sizes.active_count, costs.media, costs.other
order by sizes.cohort desc
