-- One row per month that begins on one of $firsts, newest first: who came, what was ordered and what it cost. Orders of
-- the erased are among them. What no order or person names the source of is `unknown_net`.
with months as (
    select first_day, (first_day + interval 1 month)::date - 1 as last_day
    from (select unnest($firsts::date[]) as first_day) as firsts
),

came as (
    select
        months.first_day,
        count(*) as new_people,
        count(*) filter (where len(people.owned_channels) > 0) as new_owned
    from months
    inner join customer_ownership as people on people.first_seen_on between months.first_day and months.last_day
    group by months.first_day
),

won as (
    select months.first_day, count(distinct earned.customer_id) as new_customers
    from months
    inner join earned on earned.first_order_on between months.first_day and months.last_day
    where earned.customer_id is not null
    group by months.first_day
),

ordered as (
    select
        months.first_day,
        count(*) filter (where orders.is_purchase) as order_count,
        sum(orders.net_converted) as net,
        sum(orders.net_converted) filter (where orders.is_own_initiated) as own_net,
        -- As in applause.sql.
        sum(orders.net_converted) filter (
            where campaigns.brought_by is null and coalesce(people.acquired_kind, 'unknown') = 'unknown'
        ) as unknown_net,
        sum(orders.net_converted) filter (where campaigns.brought_by is not null) as campaign_net
    from months
    inner join order_ownership as orders on orders.order_date between months.first_day and months.last_day
    left join order_campaigns as campaigns on orders.order_id = campaigns.order_id
    left join customer_ownership as people on orders.customer_id = people.customer_id
    group by months.first_day
),

spent as (
    select
        months.first_day,
        sum(costs.cost_converted) as media,
        count(*) filter (where costs.cost_converted is null) as unconverted_days
    from months
    inner join campaign_costs as costs on costs.cost_date between months.first_day and months.last_day
    group by months.first_day
),

landed as (
    select months.first_day, sum(ledger.landed - ledger.tests) as lead_count, sum(ledger.refused) as refused_count
    from months
    inner join lead_ledger as ledger on ledger.lead_date between months.first_day and months.last_day
    group by months.first_day
)

select
    months.first_day,
    months.last_day,
    coalesce(came.new_people, 0) as new_people,
    coalesce(came.new_owned, 0) as new_owned,
    -- A month to say yes, to confirm, to bounce.
    months.last_day <= $day::date - 30 as is_reach_mature,
    coalesce(won.new_customers, 0) as new_customers,
    coalesce(ordered.order_count, 0) as order_count,
    coalesce(ordered.net, 0) as net,
    coalesce(ordered.own_net, 0) / nullif(ordered.net, 0) as own_share,
    coalesce(ordered.campaign_net, 0) / nullif(ordered.net, 0) as campaign_share,
    coalesce(ordered.unknown_net, 0) / nullif(ordered.net, 0) as unknown_share,
    coalesce(spent.media, 0) as media,
    coalesce(spent.unconverted_days, 0) as unconverted_days,
    $monthly::double as other,
    (coalesce(spent.media, 0) + $monthly::double) / nullif(won.new_customers, 0) as cac,
    coalesce(landed.lead_count, 0) as lead_count,
    coalesce(landed.refused_count, 0) as refused_count
from months
left join came on months.first_day = came.first_day
left join won on months.first_day = won.first_day
left join ordered on months.first_day = ordered.first_day
left join spent on months.first_day = spent.first_day
left join landed on months.first_day = landed.first_day
order by months.first_day desc
