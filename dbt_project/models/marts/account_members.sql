-- One row per account and customer, with what ties them to it, and whether they have a say in what it buys, by what
-- they did themselves since they belong to it. A title is no proof: it is given by whoever fills in a form.
with members as (
    select *, {{ local_day('since') }} as member_since from {{ ref('int_account_members') }}
),

bought as (
    select members.customer_id, min(orders.valid_from) as role_since
    from members
    inner join {{ ref('int_valid_orders') }} as orders
        on members.customer_id = orders.customer_id and orders.valid_from >= members.member_since
    where
        orders.valid_from <= {{ as_of('lifecycle') }}
        and coalesce(orders.valid_to > {{ as_of('lifecycle') }}, true)
    group by members.customer_id
),

said as (
    select members.customer_id, events.event_type, events.event_date, events.occurred_at
    from members
    inner join {{ ref('int_customer_events') }} as events
        on members.customer_id = events.customer_id and events.event_date >= members.member_since
    where events.event_type in ('disqualified', 'not_interested') or events.event_type in (
        -- What is enough alone to make a prospect is a raised hand.
        select points.event_type from {{ ref('event_points') }} as points
        where points.points >= {{ var('lifecycle')['prospect_points'] }}
    )
),

-- After a refusal only later hands count.
refused as (
    select customer_id, max(occurred_at) as refused_at
    from said
    where event_type in ('disqualified', 'not_interested')
    group by customer_id
),

asked as (
    select said.customer_id, min(said.event_date) as role_since
    from said
    left join refused on said.customer_id = refused.customer_id
    where
        said.event_type not in ('disqualified', 'not_interested')
        and coalesce(said.occurred_at > refused.refused_at, true)
    group by said.customer_id
)

select
    members.account_id,
    members.customer_id,
    members.is_founder,
    members.matched_by,
    members.member_since as since,
    case members.matched_by
        when 'company_domain' then 'writes from ' || members.domain
        when 'company_name' then 'names ' || members.company
        else 'writes from ' || members.domain || ' and names ' || members.company
    end as reason,
    case when bought.customer_id is not null then 'buyer' when asked.customer_id is not null then 'requester' end
        as buying_role,
    least(bought.role_since, asked.role_since) as buying_role_since
from members
left join bought on members.customer_id = bought.customer_id
left join asked on members.customer_id = asked.customer_id
