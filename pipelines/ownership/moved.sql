-- One row: the source whose part changed most between $then and $now, of customers and of revenue; none where either
-- year won fewer than $fewest.
with years as (
    select * from depended where new_total >= $fewest::integer
),

changes as (
    select
        coalesce(later.source, earlier.source) as source,
        coalesce(later.acquisition_share, 0) - coalesce(earlier.acquisition_share, 0) as acquisition,
        coalesce(later.revenue_share, 0) - coalesce(earlier.revenue_share, 0) as revenue
    from (select * from years where day = $now) as later
    full outer join (select * from years where day = $then) as earlier on later.source = earlier.source
    where exists (select 1 from years where day = $now) and exists (select 1 from years where day = $then)
)

select * from changes
order by greatest(abs(acquisition), abs(coalesce(revenue, 0))) desc, source
limit 1
