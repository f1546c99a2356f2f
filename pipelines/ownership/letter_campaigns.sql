-- One row per campaign or post whose people came or ordered in the month from $first to $last, or that cost something
-- then, by revenue of the month: a person is what first brought them. `judged` says what each is worth a look for.
with came as (
    select campaign_key, count(*) as new_people
    from customer_campaigns
    where campaign_key is not null and first_contact_on between $first::date and $last::date
    group by campaign_key
),

ordered as (
    select
        brought_by as campaign_key,
        count(*) filter (where is_purchase) as order_count,
        sum(net_converted) as net
    from order_campaigns
    where brought_by is not null and order_date between $first::date and $last::date
    group by brought_by
),

spent as (
    select campaign_key, sum(cost_converted) as cost
    from campaign_costs
    where cost_date between $first::date and $last::date
    group by campaign_key
)

select
    judged.campaign_key,
    judged.campaign_name,
    judged.is_post,
    judged.verdict,
    coalesce(spent.cost, 0) as cost,
    coalesce(came.new_people, 0) as new_people,
    coalesce(ordered.order_count, 0) as order_count,
    coalesce(ordered.net, 0) as net
from judged
left join came on judged.campaign_key = came.campaign_key
left join ordered on judged.campaign_key = ordered.campaign_key
left join spent on judged.campaign_key = spent.campaign_key
where came.campaign_key is not null or ordered.campaign_key is not null or spent.cost > 0
order by net desc, new_people desc, judged.campaign_key
