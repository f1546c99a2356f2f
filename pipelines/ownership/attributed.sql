-- One row per source and period [$first, $last]: net revenue and first purchases by each of four answers.
with period as (
    select * from order_attribution
    where order_date between $first::date and $last::date
),

answers as (
    select 'first_touch' as answer, first_touch as source, 1 as share, net_converted, is_first from period
    union all
    select 'last_touch' as answer, last_touch as source, 1 as share, net_converted, is_first from period
    union all
    select 'said' as answer, said as source, 1 as share, net_converted, is_first from period
    union all
    select
        'position' as answer, unnest(position_sources) as source, unnest(position_shares) as share, net_converted,
        is_first
    from period
)

select
    source,
    coalesce(sum(net_converted) filter (where answer = 'first_touch'), 0) as first_touch_revenue,
    coalesce(sum(net_converted) filter (where answer = 'last_touch'), 0) as last_touch_revenue,
    coalesce(sum(net_converted) filter (where answer = 'said'), 0) as said_revenue,
    coalesce(sum(net_converted * share) filter (where answer = 'position'), 0) as position_revenue,
    count(*) filter (where answer = 'first_touch' and is_first) as first_touch_new,
    count(*) filter (where answer = 'last_touch' and is_first) as last_touch_new,
    count(*) filter (where answer = 'said' and is_first) as said_new,
    coalesce(sum(share) filter (where answer = 'position' and is_first), 0) as position_new
from answers
group by source
order by greatest(first_touch_revenue, last_touch_revenue, said_revenue) desc, source
