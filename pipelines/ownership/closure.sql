-- One row: what a year without $owners costs: the revenue of those whom they brought in the last year, as first and
-- as last touch, and of those who come again and are reached in no other way. Nobody counts twice.
with judged as (
    select
        net_revenue_12m,
        first_order_on > $day::date - 365 as is_new,
        list_contains($owners::varchar[], acquired_from) as is_brought,
        coalesce(list_contains($owners::varchar[], closed_from), false) as is_closed,
        is_sole and order_count >= 2 as is_lost
    from drilled
)

select
    count(*) filter (where is_new and is_brought) as first_touch_count,
    count(*) filter (where is_new and is_closed) as last_touch_count,
    count(*) filter (where is_lost) as lost_count,
    coalesce(sum(net_revenue_12m) filter (where is_new and is_brought), 0) as first_touch,
    coalesce(sum(net_revenue_12m) filter (where is_new and is_closed), 0) as last_touch,
    coalesce(sum(net_revenue_12m) filter (where is_lost), 0) as lost,
    coalesce(sum(net_revenue_12m) filter (where (is_new and is_brought) or is_lost), 0) as by_first_touch,
    coalesce(sum(net_revenue_12m) filter (where (is_new and is_closed) or is_lost), 0) as by_last_touch,
    count(*) filter (where is_new) as new_count,
    count(*) filter (where is_new and not is_brought and not is_closed) as new_of_others_count
from judged
