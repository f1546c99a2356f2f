-- One row per day of $days and firm: its part of the customers won in the year before, of their revenue, and, on the
-- last day, of those whom only it reaches. `own`, `unknown` and whoever was sent by a friend are rows too.
create temp table depended as
with days as (
    select unnest($days::date[]) as day
),

-- Ours under one name, however many channels of ours there are.
people as (
    select
        *,
        case acquired_kind
            when 'rented' then acquired_from when 'referral' then 'referral' when 'unknown' then 'unknown' else 'own'
        end as source,
        acquired_kind = 'rented' as is_rented
    from customer_ownership
),

won as (
    select days.day, people.source, bool_or(people.is_rented) as is_rented, count(*) as new_count
    from days
    inner join people on people.first_order_on > days.day - 365 and people.first_order_on <= days.day
    group by days.day, people.source
),

-- Who bought is not always known, or was erased: their revenue is of unknown source, not none.
earned as (
    select
        days.day,
        coalesce(people.source, 'unknown') as source,
        bool_or(coalesce(people.is_rented, false)) as is_rented,
        sum(orders.net_converted) as revenue
    from days
    inner join order_ownership as orders on orders.order_date > days.day - 365 and orders.order_date <= days.day
    left join people on orders.customer_id = people.customer_id
    group by days.day, coalesce(people.source, 'unknown')
),

-- Permission is known of today: nobody may say whom we could have written to a year ago.
reached as (
    select (select max(day) from days) as day, rented_from[1] as source, true as is_rented, count(*) as sole_count
    from customer_ownership
    where len(owned_channels) = 0 and len(rented_from) = 1
    group by rented_from[1]
),

told as (
    select day, source, is_rented, new_count, 0 as revenue, 0 as sole_count from won
    union all by name
    select day, source, is_rented, 0 as new_count, revenue, 0 as sole_count from earned
    union all by name
    select day, source, is_rented, 0 as new_count, 0 as revenue, sole_count from reached
),

summed as (
    select
        day, source, bool_or(is_rented) as is_rented, sum(new_count) as new_count, sum(revenue) as revenue,
        sum(sole_count) as sole_count
    from told
    group by day, source
),

totals as (
    select
        *,
        sum(new_count) over (partition by day) as new_total,
        sum(revenue) over (partition by day) as revenue_total,
        (select count(*) from customer_ownership) as known_total
    from summed
)

select
    *,
    new_count / nullif(new_total, 0) as acquisition_share,
    case when revenue_total > 0 then revenue / revenue_total end as revenue_share,
    case when day = (select max(day) from days) then sole_count / nullif(known_total, 0) end as reach_share
from totals
