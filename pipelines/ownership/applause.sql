-- One row: how far revenue of ninety days goes with reach and with interactions, by rank (Spearman), over what had the
-- time to sell and can be followed; what platforms claim against what there is; and how much nobody can tell a source
-- of. Equal values share their mean rank.
with ranked as (
    select
        rank() over (order by reach) + (count(*) over (partition by reach) - 1) / 2 as reach_rank,
        rank() over (order by coalesce(interactions, 0))
        + (count(*) over (partition by coalesce(interactions, 0)) - 1) / 2 as applause_rank,
        rank() over (order by net_90_days) + (count(*) over (partition by net_90_days) - 1) / 2 as revenue_rank
    from campaign_results
    where campaign_key <> 'unknown' and is_mature and is_followed and reach is not null
),

correlated as (
    select
        count(*) as compared_count,
        corr(reach_rank, revenue_rank) as by_reach,
        corr(applause_rank, revenue_rank) as by_interactions
    from ranked
),

-- Only from the first lead on that we hold of a platform: what it deleted before we came was no lie.
held as (
    select platform, min(campaign_date) as held_from
    from campaigns
    where lead_count > 0
    group by platform
),

leads as (
    select sum(campaigns.leads_claimed) as leads_claimed, sum(campaigns.lead_count) as lead_count
    from campaigns
    inner join held on campaigns.platform = held.platform and campaigns.campaign_date >= held.held_from
    where campaigns.leads_claimed is not null
),

claims as (
    select
        leads.*,
        sums.*
    from leads
    cross join (
        select
            sum(orders_claimed) as orders_claimed,
            min(starts_on) filter (where orders_claimed > 0) as claimed_from,
            max(ends_on) filter (where orders_claimed > 0) as claimed_to
        from campaign_results
    ) as sums
),

earned as (
    select
        sum(orders.net_converted) as net,
        -- Orders of nobody known and of the erased are of unknown source too.
        sum(orders.net_converted) filter (
            where orders.brought_by is null and coalesce(people.acquired_kind, 'unknown') = 'unknown'
        ) as unknown_net,
        sum(orders.net_converted) filter (where orders.brought_by is not null) as campaign_net,
        count(*) filter (
            where orders.is_purchase and orders.order_date between claims.claimed_from and claims.claimed_to
        ) as order_count
    from order_campaigns as orders
    cross join claims
    left join customer_campaigns as people on orders.customer_id = people.customer_id
),

people as (
    select
        count(*) as known_count,
        count(*) filter (where campaign_key is not null) as brought_count,
        count(*) filter (where campaign_key is null and acquired_kind = 'unknown') as unknown_count
    from customer_campaigns
)

select
    correlated.*,
    claims.*,
    earned.*,
    people.*,
    claims.leads_claimed / nullif(claims.lead_count, 0) as leads_overclaim,
    claims.orders_claimed / nullif(earned.order_count, 0) as orders_overclaim,
    case when earned.net > 0 then coalesce(earned.unknown_net, 0) / earned.net end as unknown_share
from correlated
cross join claims
cross join earned
cross join people
