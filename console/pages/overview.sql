-- One row per stage and activity: how many people, and how many of them a channel of our own reaches.
select
    stage,
    activity,
    count(*) as person_count,
    count(*) filter (where len(owned_channels) > 0) as reachable_count
from customer_ownership
group by stage, activity
order by stage, activity
