-- One row for all, one per stage, country and state of activity: how many we know, can reach and could reach still.
select
    case
        when grouping(stage) = 0 then 'stage' when grouping(country) = 0 then 'country'
        when grouping(activity) = 0 then 'activity' else 'all'
    end as cut,
    coalesce(stage, country, activity) as value,
    count(*) as known_count,
    count(*) filter (where was_reachable) as reachable_count,
    count(*) filter (where is_reachable) as reachable_after_count,
    count(*) filter (where is_sole) as sole_count,
    -- Reached now by channels of ours, or only through what is rented.
    count(*) filter (where not is_reachable and (was_reachable or is_sole)) as lost_count,
    sum(net_revenue_12m) as revenue,
    coalesce(sum(net_revenue_12m) filter (where is_reachable), 0) as revenue_covered
from drilled
group by grouping sets ((), (stage), (country), (activity))
order by cut, known_count desc, value
