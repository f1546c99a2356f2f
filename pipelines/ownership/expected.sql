-- One row per customer, reached by a channel of ours or not: what people like them left in twelve months. Like them:
-- whoever stood at the same stage and state of activity a year before $day, and what their orders left since. Where
-- those are fewer than $fewest, whoever stood at the same stage; else everybody; else nobody can tell. Temporary.
create temp table expected as
with stood as (
    select
        customer_id,
        max(value) filter (where axis = 'stage') as stage,
        max(value) filter (where axis = 'activity') as activity
    from customer_stages
    where
        valid_from <= $day::date - 365
        and coalesce(valid_to > $day::date - 365, true)
        and axis in ('stage', 'activity')
    group by customer_id
),

since as (
    select stood.*, coalesce(sum(earned.value), 0) as value
    from stood
    left join earned on stood.customer_id = earned.customer_id and earned.order_date > $day::date - 365
    where stood.stage is not null
    group by all
),

cells as (
    select
        stage,
        activity,
        case grouping(stage, activity) when 0 then 1 when 1 then 2 else 3 end as width,
        count(*) as person_count,
        avg(value) as value,
        min(value) as least,
        -- half of what holds the true mean in 95 of 100 cases
        1.96 * coalesce(stddev_samp(value), 0) / sqrt(count(*)) as margin
    from since
    group by grouping sets ((stage, activity), (stage), ())
    having count(*) >= $fewest::integer
)

select
    people.customer_id,
    people.stage,
    people.activity,
    len(people.owned_channels) > 0 as is_reached,
    cells.width,
    cells.value,
    -- No mean is below the least that anybody left.
    greatest(cells.value - cells.margin, cells.least) as value_low,
    cells.value + cells.margin as value_high
from customer_ownership as people
left join cells
    on
        (cells.width = 3 or people.stage = cells.stage)
        and (cells.width > 1 or people.activity is not distinct from cells.activity)
qualify row_number() over (partition by people.customer_id order by cells.width nulls last) = 1
