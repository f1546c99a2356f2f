-- One row per purchase and four answers to who brought it, none of them the truth: who brought the person, who closed,
-- what the customer said, and all touches since the purchase before, by position. What the platforms claim of leads is
-- in campaigns. Unknown is an answer, and so is direct.
with purchases as (
    select * from {{ ref('order_ownership') }}
    where is_purchase
),

touches as (
    select
        *,
        {{ source_of('owner', 'kind') }} as source
    from ({{ owner_touches() }}) as told
    where owner is not null and customer_id in (select customer_id from purchases)
),

-- Each touch led to the first purchase that came after it; two purchases in one instant are one way, told once.
ways as (
    select
        ends.order_id,
        arg_min(touches.source, touches.turn) as first_source,
        arg_max(touches.source, touches.turn) as last_source,
        count(*) as touch_count,
        histogram(touches.source) as counts
    from touches
    asof inner join (
        select customer_id, ordered_at, min(order_id) as order_id
        from purchases
        where customer_id is not null
        group by customer_id, ordered_at
    ) as ends
        on touches.customer_id = ends.customer_id and touches.occurred_at <= ends.ordered_at
    group by ends.order_id
),

-- 40 to the first, 40 to the last, 20 to those between; two share alike, one has all.
positions as (
    select
        order_id,
        map_keys(counts) as sources,
        list_transform(map_entries(counts), lambda one: case
            when touch_count <= 2 then one.value / touch_count
            else
                0.4 * ((one.key = first_source)::integer + (one.key = last_source)::integer)
                + 0.2 * (one.value - (one.key = first_source)::integer - (one.key = last_source)::integer)
                / (touch_count - 2)
        end::double) as shares
    from ways
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
    -- Of an order of nobody known its own source is all there is.
    coalesce(positions.sources, [case
        when purchases.customer_id is null and purchases.last_owner is not null
            then {{ source_of('purchases.last_owner', 'purchases.last_kind') }}
        else 'direct'
    end]) as position_sources,
    coalesce(positions.shares, [1.0::double]) as position_shares
from purchases
left join {{ ref('customer_ownership') }} as people on purchases.customer_id = people.customer_id
left join positions on purchases.order_id = positions.order_id
