-- One row per campaign and post with figures, most seen first: its results, and what it is worth a look for. Quartiles
-- are of those that had ninety days to sell and whose sales can be told. Tags only past $fewest_leads leads or
-- $fewest_orders orders, for below that chance is louder.
with ranked as (
    select
        *,
        is_mature and is_followed and reach is not null as is_compared,
        lead_count >= $fewest_leads::integer
        or first_order_count + repeat_order_count >= $fewest_orders::integer as is_enough
    from campaign_results
    where campaign_key <> 'unknown'
),

quartiles as (
    select
        quantile_cont(reach, 0.75) as loud,
        quantile_cont(reach, 0.25) as quiet,
        quantile_cont(net_90_days, 0.75) as fertile,
        quantile_cont(net_90_days, 0.25) as empty
    from ranked
    where is_compared
    having count(*) >= $fewest_compared::integer
)

select
    ranked.*,
    case
        when not ranked.is_followed then 'not_followed'
        when not ranked.is_mature then 'immature'
        when not ranked.is_compared or not ranked.is_enough or quartiles.loud is null then 'too_few'
        when ranked.reach >= quartiles.loud and ranked.net_90_days <= quartiles.empty then 'loud_but_empty'
        when ranked.reach <= quartiles.quiet and ranked.net_90_days >= quartiles.fertile then 'quiet_but_fertile'
        else 'between'
    end as verdict
from ranked
left join quartiles on true
order by ranked.reach desc nulls last, ranked.campaign_key
