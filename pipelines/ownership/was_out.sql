-- One row: what orders with a touch on $touches brought while it was out for $hours hours from $start on, and in the 48
-- hours after; what the same hours usually bring; and so the part of what was missing that was bought later. Usual is
-- the median of eight weeks before. Its hours are summed first: of a known beginning no hour stands alone, and few
-- orders an hour have medians of nothing. Times are the company's clock, in $zone.
with moments as (
    select
        $start::timestamp as started_at,
        ($start::timestamp at time zone $zone + to_hours($hours::integer)) at time zone $zone as ended_at,
        ($start::timestamp at time zone $zone + to_hours($hours::integer + 48)) at time zone $zone as caught_up_at,
        -- A week whose 48 hours after reach into the outage is no usual one.
        ceil(($hours::integer + 48) / 168)::integer as first_week
),

weeks as (
    select
        moments.*,
        weeks.week,
        to_days(7 * weeks.week::integer) as ago
    from moments, range(10) as weeks (week)
    -- Week 0 is the outage's own.
    where weeks.week = 0 or weeks.week between moments.first_week and moments.first_week + 7
),

placed as (
    select
        net_converted,
        ordered_at at time zone $zone as placed_at
    from order_ownership
    where is_purchase and list_has_any(touched_by, $touches::varchar[])
),

sold as (
    select
        weeks.week,
        count(*) filter (where placed.placed_at < weeks.ended_at - weeks.ago) as out_count,
        count(*) filter (where placed.placed_at >= weeks.ended_at - weeks.ago) as after_count,
        -- A median of cents would drop half a cent.
        coalesce(sum(placed.net_converted) filter (where placed.placed_at < weeks.ended_at - weeks.ago), 0)::double
            as out_net,
        coalesce(sum(placed.net_converted) filter (where placed.placed_at >= weeks.ended_at - weeks.ago), 0)::double
            as after_net
    from weeks
    left join placed
        on
            placed.placed_at >= weeks.started_at - weeks.ago
            and placed.placed_at < weeks.caught_up_at - weeks.ago
    group by weeks.week
),

compared as (
    select
        sum(out_count) filter (where week > 0)::bigint as usual_order_count,
        sum(after_count) filter (where week > 0)::bigint as usual_order_count_after,
        median(out_net) filter (where week > 0) as usual,
        min(out_net) filter (where week > 0) as usual_low,
        max(out_net) filter (where week > 0) as usual_high,
        median(after_net) filter (where week > 0) as usual_after,
        max(after_net) filter (where week > 0) as usual_after_high,
        any_value(out_count) filter (where week = 0) as order_count,
        any_value(out_net) filter (where week = 0) as sold,
        any_value(after_count) filter (where week = 0) as order_count_after,
        any_value(after_net) filter (where week = 0) as sold_after
    from sold
),

first_sold as (
    select min(order_date) as first_order_on from order_ownership where is_purchase
),

told as (
    select
        compared.*,
        first_sold.first_order_on,
        moments.started_at,
        moments.ended_at,
        moments.caught_up_at,
        compared.usual - compared.sold as shortfall,
        compared.sold_after - compared.usual_after as above,
        case
            when len($touches::varchar[]) = 0 then 'no_source'
            -- The published day itself has not ended.
            when moments.caught_up_at > $day::timestamp then 'not_over'
            when
                coalesce(first_sold.first_order_on > moments.started_at::date - 7 * (moments.first_week + 7), true)
                then 'not_enough_data'
            when
                least(compared.usual_order_count, compared.usual_order_count_after) < $fewest::integer
                or compared.usual <= 0
                then 'too_sparse'
            when compared.sold >= compared.usual then 'no_shortfall'
            else 'told'
        end as status
    from compared, first_sold, moments
)

select
    *,
    -- Who buys less than usual afterwards has bought nothing later; and no more comes back than was missing.
    case when status = 'told' then greatest(0, least(1, above / shortfall)) end as catch_up,
    case when status = 'told' then shortfall - greatest(0, least(above, shortfall)) end as lost
from told
