-- One row per month of the year before $day, the last one up to it, and one for the whole year (`month` empty): what was
-- spent on being seen, whom it won, and what a new customer cost. Of nobody won that is undefined, not without end.
with days as (
    select unnest(range($day::date - 364, $day::date + 1, interval 1 day))::date as day
),

spent as (
    select
        cost_date as day,
        sum(cost_converted) as media,
        count(*) filter (where cost_converted is null) as unconverted_days
    from campaign_costs
    group by cost_date
),

won as (
    select first_order_on as day, count(distinct customer_id) as new_count
    from earned
    where customer_id is not null
    group by first_order_on
),

summed as (
    select
        date_trunc('month', days.day)::date as month,
        count(*) as day_count,
        sum(coalesce(spent.media, 0)) as media,
        sum(coalesce(spent.unconverted_days, 0)) as unconverted_days,
        sum(coalesce(won.new_count, 0)) as new_count
    from days
    left join spent on days.day = spent.day
    left join won on days.day = won.day
    group by grouping sets ((date_trunc('month', days.day)), ())
)

select
    *,
    -- Tools and people by the day, for the first and the last month are not whole.
    ($tools::double + $people::double) * 12 * day_count / 365 as other,
    media / nullif(new_count, 0) as cac_media,
    (media + ($tools::double + $people::double) * 12 * day_count / 365) / nullif(new_count, 0) as cac
from summed
order by month nulls last
