-- One row per order and whose channels it came by: every firm that touched its customer in the seven days before, and
-- the last source that was not direct within thirty. The order's own source is the last touch of all.
with touches as (
    {{ owner_touches() }}
),

placed as (
    select
        orders.*,
        coalesce(channels.owner, case when not {{ is_nobodys('orders.channel') }} then 'unknown' end) as owner,
        coalesce(channels.kind, case when not {{ is_nobodys('orders.channel') }} then 'unknown' end) as kind,
        shops.owner as shop
    from {{ ref('orders') }} as orders
    left join {{ ref('channel_owners') }} as channels on lower(orders.channel) = channels.word
    left join {{ ref('channel_owners') }} as shops on orders.platform = shops.word and shops.kind = 'shop'
),

touched as (
    select
        placed.order_id,
        list(distinct touches.owner) filter (where touches.occurred_at > placed.ordered_at - interval 7 day) as owners,
        arg_max(touches.owner, touches.turn) as last_owner,
        arg_max(touches.kind, touches.turn) as last_kind,
        max(touches.occurred_at) as last_at
    from placed
    inner join touches
        on
            placed.customer_id = touches.customer_id
            and touches.owner is not null
            and touches.occurred_at <= placed.ordered_at
            and touches.occurred_at > placed.ordered_at - interval 30 day
    group by placed.order_id
)

select
    placed.order_id,
    placed.customer_id,
    placed.ordered_at,
    placed.order_date,
    isodow(placed.ordered_at at time zone '{{ var("time_zone") }}')::integer as order_weekday,
    hour(placed.ordered_at at time zone '{{ var("time_zone") }}')::integer as order_hour,
    placed.net_converted,
    placed.gross > 0 as is_purchase,
    -- What nobody is known to have ordered still says where it came from.
    list_sort(list_distinct(list_filter(
        coalesce(touched.owners, []) || [placed.owner, placed.shop], lambda owner: owner is not null
    ))) as touched_by,
    coalesce(touched.last_owner, placed.owner) as last_owner,
    coalesce(touched.last_kind, placed.kind) as last_kind,
    -- Direct, or a channel of ours: nobody had to be paid or asked for it.
    coalesce(
        case
            when touched.last_at > placed.ordered_at - interval 7 day then touched.last_kind
            when touched.last_at is null then placed.kind
        end not in ('rented', 'unknown'),
        true
    ) as is_own_initiated
from placed
left join touched on placed.order_id = touched.order_id
