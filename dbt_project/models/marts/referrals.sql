-- One row per pair of people of whom one is said to have sent the other: whether it counts, what the friend has been
-- worth since, and where the chain they stand in began.
with recursive links as (
    select * from {{ referrals_on(as_of('lifecycle')) }}
),

chains as (
    select
        referee_id,
        referrer_id as origin_id,
        1 as position
    from links
    where
        status = 'converted'
        and referrer_id not in (select sent.referee_id from links as sent where sent.status = 'converted')
    union all
    -- What closes a ring does not count (int_referrals), so that this ends.
    select links.referee_id, chains.origin_id, chains.position + 1
    from chains
    inner join links on chains.referee_id = links.referrer_id
    where links.status = 'converted'
),

worth as (
    select customer_id, sum(net_converted) as net_revenue
    from {{ ref('orders') }}
    where customer_id is not null
    group by customer_id
)

select
    links.referrer_id as referrer_customer_id,
    links.referee_id as referee_customer_id,
    links.via,
    links.code,
    links.given_on,
    links.status,
    links.converted_on,
    links.undone_on,
    links.order_id,
    case when links.status = 'converted' then coalesce(worth.net_revenue, 0) end::decimal(18, 2) as net_revenue,
    case when links.status = 'converted' then chains.origin_id end as origin_customer_id,
    case when links.status = 'converted' then chains.position end::integer as position_in_chain
from links
left join chains on links.referee_id = chains.referee_id
left join worth on links.referee_id = worth.customer_id
