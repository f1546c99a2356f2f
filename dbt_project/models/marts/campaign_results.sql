-- One row per campaign and per post: what it cost and how it was seen, whom it brought and what they became; and one
-- `unknown` for people and orders nobody can tell a campaign of. People and revenue add up to all there are:
-- each person belongs to what first brought them, each order to its person.
with figures as (
    select
        *,
        platform || case when campaign_id is null then ':post:' || post_id else ':campaign:' || campaign_id end
            as campaign_key
    from {{ ref('spend') }}
    where coalesce(campaign_id, post_id) is not null and spend_date <= {{ as_of('lifecycle') }}
),

priced as (
    select
        campaign_key,
        sum(cost_converted) as cost,
        count(*) filter (where cost_converted is null) as unconverted_days
    from {{ ref('campaign_costs') }}
    group by campaign_key
),

reached as (
    select platform || ':campaign:' || campaign_id as campaign_key, sum(reach) as reach
    from {{ ref('campaign_reach') }}
    where spend_date <= {{ as_of('lifecycle') }}
    group by 1
),

seen as (
    select
        campaign_key,
        any_value(platform) as platform,
        max(campaign_name) as campaign_name,
        bool_and(campaign_id is null) as is_post,
        min(spend_date) as starts_on,
        max(spend_date) as ends_on,
        sum(impressions) as impressions,
        sum(reach) as reach,
        sum(interactions) as interactions,
        sum(clicks) as clicks,
        sum(leads_claimed) as leads_claimed,
        sum(orders_claimed) as orders_claimed
    from figures
    group by campaign_key
),

held as (
    select
        campaign_key,
        count(*) filter (where touch_type in ('lead_created', 'form_answered')) as lead_count,
        count(*) filter (where touch_type = 'order_paid') as named_order_count
    from {{ ref('campaign_touches') }}
    -- An answer is about the past, and no lead of the campaign's.
    where named_by <> 'said'
    group by campaign_key
),

brought as (
    select
        campaign_key,
        count(*) as brought_count,
        count(*) filter (where is_reachable) as reachable_count,
        count(*) filter (where is_reach_mature) as mature_count,
        count(*) filter (where is_reachable and is_reach_mature) as mature_reachable_count,
        count(*) filter (where is_qualified) as qualified_count,
        count(*) filter (where first_order_on is not null) as customer_count
    from {{ ref('customer_campaigns') }}
    group by campaign_key
),

earned as (
    select
        brought_by as campaign_key,
        count(*) filter (where order_number = 1) as first_order_count,
        count(*) filter (where order_number > 1) as repeat_order_count,
        -- Whose, and whether their first, nobody can tell.
        count(*) filter (where is_purchase and order_number is null) as nobodys_order_count,
        sum(gross_converted) as gross,
        sum(refunded_converted) as refunded,
        sum(net_converted) as net,
        sum(contribution) as contribution,
        sum(net_converted) filter (where order_date <= first_contact_on + 90) as net_90_days
    from {{ ref('order_campaigns') }}
    group by brought_by
),

-- From when on leads of a platform's campaigns reach us, and which lines of the spend file say how to know theirs.
-- Before, and of a magazine that nothing points to, nobody can tell what was sold: that is not nothing.
watched as (
    select split_part(campaign_key, ':', 1) as platform, min(touch_date) as watched_from
    from {{ ref('campaign_touches') }}
    where named_by in ('id', 'name')
    group by 1
),

worded as (
    select distinct platform || ':campaign:' || campaign_id as campaign_key
    from {{ ref('stg_files__spend') }}
    where coalesce(code, link, heard) is not null
),

keys as (
    select campaign_key from seen
    union
    select campaign_key from brought
    union
    select campaign_key from earned
)

select
    coalesce(keys.campaign_key, 'unknown') as campaign_key,
    seen.platform,
    seen.campaign_name,
    coalesce(seen.is_post, false) as is_post,
    seen.starts_on,
    seen.ends_on,
    priced.cost::decimal(18, 2) as cost,
    coalesce(priced.unconverted_days, 0) as unconverted_days,
    seen.impressions::bigint as impressions,
    -- Days of a campaign reach some of the same people: no more than an upper bound.
    coalesce(reached.reach, seen.reach)::bigint as reach,
    seen.interactions::bigint as interactions,
    seen.clicks::bigint as clicks,
    seen.leads_claimed::bigint as leads_claimed,
    seen.orders_claimed::bigint as orders_claimed,
    coalesce(held.lead_count, 0) as lead_count,
    coalesce(held.named_order_count, 0) as named_order_count,
    {% for name in (
        'brought_count', 'reachable_count', 'mature_count', 'mature_reachable_count', 'qualified_count', 'customer_count'
    ) -%}
        coalesce(brought.{{ name }}, 0) as {{ name }},
    {% endfor %}
    {% for name, hits, trials in (
        ('reachable', 'mature_reachable_count', 'mature_count'),
        ('qualified', 'qualified_count', 'brought_count'),
        ('customer', 'customer_count', 'brought_count'),
    ) -%}
        -- Of a handful a share says more than it knows.
        case when brought.{{ trials }} >= 30 then brought.{{ hits }} / brought.{{ trials }} end as {{ name }}_share,
        case when brought.{{ trials }} >= 30 then {{ wilson('brought.' ~ hits, 'brought.' ~ trials, -1) }} end
            as {{ name }}_share_low,
        case when brought.{{ trials }} >= 30 then {{ wilson('brought.' ~ hits, 'brought.' ~ trials, 1) }} end
            as {{ name }}_share_high,
    {% endfor %}
    coalesce(earned.first_order_count, 0) as first_order_count,
    coalesce(earned.repeat_order_count, 0) as repeat_order_count,
    coalesce(earned.nobodys_order_count, 0) as nobodys_order_count,
    {% for name in ('gross', 'refunded', 'net') -%}
        coalesce(earned.{{ name }}, 0)::decimal(18, 2) as {{ name }},
    {% endfor %}
    earned.contribution::decimal(18, 2) as contribution,
    coalesce(earned.net_90_days, 0)::decimal(18, 2) as net_90_days,
    seen.ends_on <= {{ as_of('lifecycle') }} - 90 as is_mature,
    coalesce(
        brought.brought_count > 0
        or held.campaign_key is not null
        or worded.campaign_key is not null
        or (priced.cost > 0 and seen.ends_on >= watched.watched_from),
        false
    ) as is_followed
from keys
left join seen on keys.campaign_key = seen.campaign_key
left join priced on keys.campaign_key = priced.campaign_key
left join reached on keys.campaign_key = reached.campaign_key
left join held on keys.campaign_key = held.campaign_key
left join watched on seen.platform = watched.platform
left join worded on keys.campaign_key = worded.campaign_key
left join brought on keys.campaign_key is not distinct from brought.campaign_key
left join earned on keys.campaign_key is not distinct from earned.campaign_key
