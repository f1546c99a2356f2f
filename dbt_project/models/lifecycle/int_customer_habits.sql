-- One row per customer with a purchase that counts on the given day: how often, what, when and through what they
-- buy. One gap is chance; a rhythm takes three purchases, and so does a favourite day or hour.
with occasions as (
    select distinct customer_id, valid_from as occasion_date
    from {{ ref('int_valid_orders') }}
    where valid_from <= {{ as_of('lifecycle') }} and coalesce(valid_to > {{ as_of('lifecycle') }}, true)
),

gaps as (
    select *, occasion_date - lag(occasion_date) over (partition by customer_id order by occasion_date) as gap_days
    from occasions
),

rhythms as (
    select
        customer_id,
        count(*) as occasion_count,
        count(*) filter (where occasion_date > {{ as_of('lifecycle') }} - 365) as occasions_12m,
        max(occasion_date) as last_occasion_on,
        case when count(gap_days) >= 2 then round(median(gap_days)) end::integer as usual_days,
        max(max(occasion_date)) over () as companys_last_occasion_on
    from gaps
    group by customer_id
),

bought as (
    select
        profiles.customer_id,
        orders.order_id,
        orders.ordered_at,
        orders.order_date,
        orders.channel,
        orders.net_converted,
        orders.details,
        orders.ordered_at at time zone '{{ var("time_zone") }}' as local_time
    from {{ ref('int_orders') }} as orders
    inner join {{ ref('int_customer_profiles') }} as profiles on orders.profile_id = profiles.profile_id
    where orders.gross > 0
),

-- The most frequent, the latest of several.
favourites as (
    select
        customer_id,
        habit.name as habit,
        habit.value as value,
        count(*) as times,
        max(ordered_at) as last_at
    from (
        select
            customer_id,
            ordered_at,
            unnest([
                { 'name': 'channel', 'value': channel },
                { 'name': 'weekday', 'value': lower(dayname(local_time)) },
                { 'name': 'hour', 'value': hour(local_time)::varchar }
            ]) as habit
        from bought
    ) as habits
    group by all
),

favoured as (
    select
        customer_id,
        arg_max(value, (times, last_at, value)) filter (where habit = 'channel') as purchase_channel,
        arg_max(value, (times, last_at, value)) filter (where habit = 'weekday') as weekday,
        arg_max(value, (times, last_at, value)) filter (where habit = 'hour') as hour
    from favourites
    group by customer_id
),

goods as (
    select customer_id, unnest(from_json(details -> '$.goods', '[{
        "sku": "VARCHAR", "title": "VARCHAR", "amount": "DECIMAL(18,2)"
    }]')) as line
    from bought
),

spent as (
    select
        goods.customer_id,
        coalesce(categories.category, goods.line.title, goods.line.sku) as category,
        sum(goods.line.amount) as amount
    from goods
    left join {{ ref('product_categories') }} as categories on goods.line.sku = categories.sku
    group by 1, 2
),

categories as (
    select customer_id, arg_max(category, (amount, category)) as preferred_category
    from spent
    where category is not null
    group by customer_id
),

years as (
    select customer_id, coalesce(sum(net_converted), 0) as revenue_12m
    from bought
    where order_date > {{ as_of('lifecycle') }} - 365
    group by customer_id
)

select
    rhythms.customer_id,
    rhythms.occasion_count,
    rhythms.occasions_12m,
    rhythms.last_occasion_on,
    coalesce(years.revenue_12m, 0) as revenue_12m,
    rhythms.usual_days,
    -- Fixed at the last purchase. Twice as long overdue, the rhythm no longer says anything; nor does any where the
    -- company has sold nothing for a month: then orders are missing here.
    case
        when rhythms.usual_days is null then 'too_few_purchases'
        when rhythms.companys_last_occasion_on < {{ as_of('lifecycle') }} - 30 then 'no_recent_orders'
        when rhythms.last_occasion_on + 2 * rhythms.usual_days < {{ as_of('lifecycle') }} then 'long_overdue'
    end as why_no_expectation,
    case
        when why_no_expectation is null then rhythms.last_occasion_on + rhythms.usual_days
    end as expected_next_purchase_on,
    favoured.purchase_channel,
    case when rhythms.occasion_count >= 3 then favoured.weekday end as preferred_weekday,
    case when rhythms.occasion_count >= 3 then favoured.hour end::integer as preferred_hour,
    categories.preferred_category
from rhythms
left join favoured on rhythms.customer_id = favoured.customer_id
left join categories on rhythms.customer_id = categories.customer_id
left join years on rhythms.customer_id = years.customer_id
