-- One row: what $hours hours without $touches cost, begun at the cheapest, the mean and the dearest hour of a week. Each
-- hour is worth the median of the last eight weeks' same weekday and hour; where no order ever fell into it, its
-- share of the same quarter of the day.
with recent as (
    select
        net_converted,
        order_weekday,
        order_hour,
        order_hour // 6 as quarter,
        ($day::date - 1 - order_date) // 7 as week
    from order_ownership
    where
        is_purchase
        and list_has_any(touched_by, $touches::varchar[])
        -- The day itself has not ended.
        and order_date between $day::date - 56 and $day::date - 1
),

grid as (
    select weekday, hour, hour // 6 as quarter, week
    from range(1, 8) as weekdays (weekday), range(24) as hours (hour), range(8) as weeks (week)
),

hourly as (
    select grid.weekday, grid.hour, grid.quarter, grid.week, count(recent.week) as order_count,
        -- A median of cents would drop half a cent.
        coalesce(sum(recent.net_converted), 0)::double as net
    from grid
    left join recent
        on grid.weekday = recent.order_weekday and grid.hour = recent.order_hour and grid.week = recent.week
    group by all
),

quarterly as (
    select weekday, quarter, median(net) / 6 as net
    from (select weekday, quarter, week, sum(net) as net from hourly group by all) as weeks
    group by weekday, quarter
),

expected as (
    select
        (hourly.weekday - 1) * 24 + hourly.hour as place,
        case when sum(hourly.order_count) > 0 then median(hourly.net) else any_value(quarterly.net) end as net
    from hourly
    inner join quarterly on hourly.weekday = quarterly.weekday and hourly.quarter = quarterly.quarter
    group by hourly.weekday, hourly.hour
),

begun as (
    select starts.start, sum(expected.net) as net
    from range(168) as starts (start), range($hours::integer) as passed (hour)
    inner join expected on (starts.start + passed.hour) % 168 = expected.place
    group by starts.start
)

select
    (select count(*) from recent) as order_count,
    -- Of few orders most medians are nothing: the plain mean says what they were worth all the same.
    (select coalesce(sum(net_converted), 0) from recent) * $hours::integer / (56 * 24) as by_mean,
    (select min(order_date) from order_ownership where is_purchase) <= $day::date - 56 as has_eight_weeks,
    min(net) as cheapest,
    avg(net) as usual,
    max(net) as dearest
from begun
