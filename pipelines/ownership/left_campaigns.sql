-- One row per campaign that cost something and can be followed, dearest first: what its people cost, what is left of
-- it, and whether they went on buying when it had ended. `immature` where it had not the time.
with touched as (
    select
        earned.brought_by as campaign_key,
        sum(earned.net) filter (
            where earned.order_date between results.starts_on and results.ends_on
        ) as net_during,
        sum(earned.net) filter (
            where earned.order_date > results.ends_on and earned.order_date <= results.ends_on + 90
        ) as net_after,
        sum(earned.value) as value
    from earned
    inner join campaign_results as results on earned.brought_by = results.campaign_key
    group by earned.brought_by
),

assets as (
    select
        people.campaign_key,
        sum(expected.value) as asset,
        sum(expected.value_low) as asset_low,
        sum(expected.value_high) as asset_high
    from customer_campaigns as people
    inner join expected on people.customer_id = expected.customer_id and expected.is_reached
    group by people.campaign_key
)

select
    results.campaign_key,
    results.campaign_name,
    results.platform,
    results.starts_on,
    results.ends_on,
    results.cost,
    results.unconverted_days,
    results.lead_count,
    results.mature_reachable_count as owned_count,
    results.customer_count,
    results.cost / nullif(results.lead_count, 0) as cost_per_lead,
    -- A month to say yes, to confirm, to bounce.
    case when results.ends_on > $day::date - 30 then 'immature' else 'told' end as owned_status,
    case when results.ends_on <= $day::date - 30 then results.cost / nullif(results.mature_reachable_count, 0) end
        as cost_per_owned_contact,
    results.cost / nullif(results.customer_count, 0) as cac_media,
    touched.value,
    case when results.ends_on > $day::date - 90 then 'immature' else 'told' end as stop_status,
    case when results.ends_on <= $day::date - 90 then coalesce(touched.net_after, 0) end as net_after,
    touched.net_during,
    case when results.ends_on <= $day::date - 90 then coalesce(touched.net_after, 0) / nullif(touched.net_during, 0) end
        as after_stop,
    assets.asset,
    assets.asset / results.cost as capital_per_unit,
    assets.asset_low / results.cost as capital_low,
    assets.asset_high / results.cost as capital_high
from campaign_results as results
left join touched on results.campaign_key = touched.campaign_key
left join assets on results.campaign_key = assets.campaign_key
where results.cost > 0 and results.is_followed
order by results.cost desc, results.campaign_key
