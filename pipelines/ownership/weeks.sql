-- One row per week before $start, newest first, and one, week 0, of the days $start to $end: net revenue where the channel
-- is or would be off, and of what it is held against. Without $countries that is all revenue, and one a week: time
-- alone. With them it is theirs against every other country's; orders of no known country are in neither.
with placed as (
    select
        orders.order_date,
        orders.net_converted,
        people.country,
        list_contains($owners::varchar[], attribution.first_touch)
        or list_contains($owners::varchar[], attribution.last_touch) as is_claimed
    from order_ownership as orders
    left join order_attribution as attribution on orders.order_id = attribution.order_id
    left join customer_ownership as people on orders.customer_id = people.customer_id
    where orders.is_purchase
),

weeks as (
    select
        0 as week,
        $start::date as first_day,
        $end::date as last_day
    union all
    select
        before.week,
        $start::date - 7 * before.week::integer as first_day,
        $start::date - 7 * before.week::integer + 6 as last_day
    from range(1, $most::integer + 1) as before (week)
    -- A week in which the company sold nothing yet, or only half a week, is no baseline.
    where $start::date - 7 * before.week::integer >= (select min(order_date) from placed)
)

select
    weeks.week,
    count(placed.order_date) filter (where is_here) as order_count,
    coalesce(sum(placed.net_converted) filter (where is_here), 0) as revenue,
    coalesce(sum(placed.net_converted) filter (where is_here and placed.is_claimed), 0) as claimed,
    case
        when len($countries::varchar[]) = 0 then (weeks.last_day - weeks.first_day + 1) / 7
        else coalesce(sum(placed.net_converted) filter (where not is_here and placed.country <> 'unknown'), 0)
    end as control
from weeks
left join (
    select
        *,
        len($countries::varchar[]) = 0 or coalesce(list_contains($countries::varchar[], country), false) as is_here
    from placed
) as placed on placed.order_date between weeks.first_day and weeks.last_day
group by weeks.week, weeks.first_day, weeks.last_day
order by weeks.week
