-- One row per customer who ever spoke for us or against us, or sent somebody: by what proof, until when, and what
-- their friends have been worth.
with friends as (
    select
        referrer_customer_id as customer_id,
        count(*) as referrals_given,
        count(*) filter (where status = 'converted') as referrals_converted,
        count(*) filter (where status = 'waiting') as referrals_waiting,
        count(*) filter (where status not in ('converted', 'waiting')) as referrals_refused,
        sum(net_revenue) as revenue_brought
    from {{ ref('referrals') }}
    group by referrer_customer_id
),

-- Everybody a customer stands above: friends, friends of friends, and so on.
descendants as (
    with recursive downwards as (
        select
            referrer_customer_id as customer_id,
            referee_customer_id,
            net_revenue
        from {{ ref('referrals') }}
        where status = 'converted'
        union all
        select downwards.customer_id, links.referee_customer_id, links.net_revenue
        from downwards
        inner join {{ ref('referrals') }} as links on downwards.referee_customer_id = links.referrer_customer_id
        where links.status = 'converted'
    )

    select
        customer_id,
        count(*) as chain_count,
        sum(net_revenue) as chain_revenue
    from downwards
    group by customer_id
),

acts as (
    select * from {{ ref('int_advocacy_acts') }}
    where valid_from <= {{ as_of('lifecycle') }} and coalesce(reversed_on > {{ as_of('lifecycle') }}, true)
),

-- The histories know already what the clock will change.
ends as (
    select subject_id as customer_id, valid_to as ambassador_until
    from {{ ref('int_lifecycle__history') }}
    where
        not is_account
        and axis = 'stage'
        and value = 'ambassador'
        and valid_from <= {{ as_of('lifecycle') }}
        and coalesce(valid_to > {{ as_of('lifecycle') }}, true)
),

counted as (
    select
        customer_id,
        count(*) filter (where is_hard and valid_to > {{ as_of('lifecycle') }}) as hard_act_count,
        count(*) filter (where act in ('testimonial', 'reference')) as content_count,
        max(valid_from) filter (where is_hard) as last_hard_act_on,
        max(valid_from) filter (where is_against) as last_bad_word_on
    from acts
    group by customer_id
)

select
    customers.customer_id,
    customers.is_ambassador,
    -- Speaks for us without having bought: an advocate, and no stage.
    coalesce(counted.hard_act_count, 0) > 0 and customers.order_count = 0 as is_advocate,
    coalesce(counted.last_bad_word_on > counted.last_hard_act_on, false) as is_suspended,
    customers.advocacy_points,
    coalesce(counted.hard_act_count, 0)::integer as hard_act_count,
    ends.ambassador_until,
    coalesce(friends.referrals_given, 0)::integer as referrals_given,
    coalesce(friends.referrals_converted, 0)::integer as referrals_converted,
    coalesce(friends.referrals_waiting, 0)::integer as referrals_waiting,
    coalesce(friends.referrals_refused, 0)::integer as referrals_refused,
    coalesce(friends.revenue_brought, 0)::decimal(18, 2) as revenue_brought,
    coalesce(descendants.chain_count, 0)::integer as chain_count,
    coalesce(descendants.chain_revenue, 0)::decimal(18, 2) as chain_revenue,
    customers.review_count,
    customers.average_stars,
    customers.last_nps,
    coalesce(counted.content_count, 0)::integer as content_count
from {{ ref('customers') }} as customers
left join counted on customers.customer_id = counted.customer_id
left join friends on customers.customer_id = friends.customer_id
left join descendants on customers.customer_id = descendants.customer_id
left join ends on customers.customer_id = ends.customer_id
where counted.customer_id is not null or friends.customer_id is not null
