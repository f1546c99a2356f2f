-- One row per day of the table `depended`: how much hangs on the one firm most hangs on, and how concentrated what is
-- rented is. Where more than two fifths are of unknown source there is no index, and of fewer than $fewest new
-- customers none either: `status` says which.
with unknown as (
    select
        day,
        coalesce(max(acquisition_share) filter (where source = 'unknown'), 0) as unknown_acquisition,
        coalesce(max(revenue_share) filter (where source = 'unknown'), 0) as unknown_revenue,
        max(new_total) as new_total,
        max(revenue_total) as revenue_total
    from depended
    group by day
),

weighed as (
    select
        depended.day,
        depended.source,
        100 * (
            0.3 * depended.acquisition_share + 0.4 * depended.revenue_share + 0.3 * depended.reach_share
        ) as dependence,
        -- The unknown shared out as the known are, and all of it this firm's.
        100 * (
            0.3 * depended.acquisition_share / nullif(1 - unknown.unknown_acquisition, 0)
            + 0.4 * depended.revenue_share / nullif(1 - unknown.unknown_revenue, 0)
            + 0.3 * depended.reach_share
        ) as pro_rata,
        100 * (
            0.3 * (depended.acquisition_share + unknown.unknown_acquisition)
            + 0.4 * (depended.revenue_share + unknown.unknown_revenue)
            + 0.3 * depended.reach_share
        ) as as_one_block
    from depended
    inner join unknown on depended.day = unknown.day
    where depended.is_rented
),

firms as (
    select
        day,
        -- Of earlier days nobody knows whom only it reached: no dependence, and no firm of it.
        arg_max(source, (dependence, source)) filter (where dependence is not null) as most_on,
        max(dependence) as dependence,
        max(pro_rata) as pro_rata,
        max(as_one_block) as as_one_block
    from weighed
    group by day
),

spread as (
    select
        depended.day,
        max(depended.acquisition_share) filter (where depended.is_rented) as most_share,
        arg_max(depended.source, (depended.acquisition_share, depended.source)) filter (where depended.is_rented)
            as most_brought_by,
        coalesce(sum(depended.acquisition_share) filter (where depended.is_rented), 0) as rented,
        coalesce(sum(power(depended.acquisition_share, 2)) filter (where depended.is_rented), 0) as squares,
        -- A firm that only reaches people has brought nobody, and nothing has a logarithm there.
        -sum(
            case when depended.acquisition_share > 0
                then depended.acquisition_share * ln(depended.acquisition_share)
            end
        ) as entropy,
        count(*) filter (where depended.acquisition_share > 0) as source_count
    from depended
    group by depended.day
)

select
    unknown.*,
    case
        when unknown.new_total < $fewest::integer or unknown.revenue_total <= 0 then 'too_few'
        when greatest(unknown.unknown_acquisition, unknown.unknown_revenue) > 0.4 then 'unknown'
        else 'told'
    end as status,
    coalesce(firms.most_on, spread.most_brought_by) as most_on,
    spread.most_share,
    firms.dependence,
    firms.pro_rata,
    firms.as_one_block,
    10000 * spread.squares as concentration,
    10000 * spread.squares / power(nullif(1 - unknown.unknown_acquisition, 0), 2) as concentration_pro_rata,
    -- Most concentrated where all the unknown are the largest firm's: (m + u)^2 in the place of m^2.
    10000 * (
        spread.squares + 2 * coalesce(spread.most_share, 0) * unknown.unknown_acquisition
        + power(unknown.unknown_acquisition, 2)
    ) as concentration_as_one_block,
    -- Of what is rented alone; 10,000 / concentration where nothing is ours.
    power(spread.rented, 2) / nullif(spread.squares, 0) as effective_platforms,
    case when spread.source_count > 1 then spread.entropy / ln(spread.source_count) end as diversification,
    (
        select sum(orders.net_converted) filter (where orders.is_own_initiated) / nullif(sum(orders.net_converted), 0)
        from order_ownership as orders
        where orders.order_date > unknown.day - 365 and orders.order_date <= unknown.day
    ) as own_initiated_share
from unknown
inner join spread on unknown.day = spread.day
left join firms on unknown.day = firms.day
order by unknown.day
