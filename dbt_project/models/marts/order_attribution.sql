-- One row per purchase and four answers to who brought it, none of them the truth: who brought the person, who closed,
-- what the customer said, and all touches since the purchase before, by position. What the platforms claim of leads is
-- in campaigns. Unknown is an answer, and so is direct.
with purchases as (
    select * from {{ ref('order_ownership') }}
    where is_purchase
),

touches as (
    select * from ({{ owner_touches() }}) as told
    where owner is not null
),

-- Each touch led to the first purchase that came after it; two purchases in one instant are one way, told once.
ways as (
    select
        ends.order_id,
        {{ source_of('touches.owner', 'touches.kind') }} as source,
        row_number() over (partition by ends.order_id order by touches.turn) as place,
        count(*) over (partition by ends.order_id) as touch_count
    from touches
    asof inner join (
        select customer_id, ordered_at, min(order_id) as order_id
        from purchases
        where customer_id is not null
        group by customer_id, ordered_at
    ) as ends
        on touches.customer_id = ends.customer_id and touches.occurred_at <= ends.ordered_at
),

-- 40 to the first, 40 to the last, 20 to those between; two share alike, one has all.
weighed as (
    select
        order_id,
        source,
        sum(case
            when touch_count <= 2 then 1 / touch_count
            when place in (1, touch_count) then 0.4
            else 0.2 / (touch_count - 2)
        end) as share
    from ways
    group by order_id, source
),

positions as (
    select order_id, list(source order by source) as sources, list(share order by source) as shares
    from weighed
    group by order_id
)

select
    purchases.order_id,
    purchases.customer_id,
    purchases.order_date,
    purchases.net_converted,
    purchases.customer_id is not null and row_number() over (
        partition by purchases.customer_id order by purchases.ordered_at, purchases.order_id
    ) = 1 as is_first,
    coalesce({{ source_of('people.acquired_from', 'people.acquired_kind') }}, 'unknown') as first_touch,
    coalesce({{ source_of('purchases.last_owner', 'purchases.last_kind') }}, 'direct') as last_touch,
    coalesce({{ source_of('people.said_from', 'people.said_kind') }}, 'unknown') as said,
    -- Where no touch is known, the order's own source is all there is.
    coalesce(
        positions.sources, [coalesce({{ source_of('purchases.last_owner', 'purchases.last_kind') }}, 'direct')]
    ) as position_sources,
    coalesce(positions.shares, [1.0::double]) as position_shares
from purchases
left join {{ ref('customer_ownership') }} as people on purchases.customer_id = people.customer_id
left join positions on purchases.order_id = positions.order_id
