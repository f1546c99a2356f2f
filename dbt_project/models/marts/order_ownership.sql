-- One row per order and whose channels it came by: every firm that touched its customer in the seven days before, and
-- the last source that was not direct within thirty. The order's own source is the last touch of all.
-- What the contracts write where nobody said a source: that is direct. Any other word without a line in the seed is a
-- source whose owner we do not know, and must neither count as ours nor give way to an older one.
{% set nobodys = "('shop', 'form', 'site', 'file', 'crm', 'direct')" %}
with touches as (
    select
        events.customer_id,
        events.occurred_at,
        events.event_id,
        events.event_type = 'order_paid' as is_order,
        coalesce(
            channels.owner, platforms.owner, case when lower(events.channel) not in {{ nobodys }} then 'unknown' end
        ) as owner,
        coalesce(channels.kind, platforms.kind, 'unknown') as kind
    from {{ ref('int_customer_events') }} as events
    left join {{ ref('channel_owners') }} as channels on lower(events.channel) = channels.word
    -- Where the channel says nothing ("form"), a record on a rented platform still came by it.
    left join {{ ref('channel_owners') }} as platforms
        on events.platform = platforms.word and platforms.kind = 'rented'
    where {{ is_own_act('events.event_type') }}
),

placed as (
    select
        orders.*,
        coalesce(channels.owner, case when lower(orders.channel) not in {{ nobodys }} then 'unknown' end) as owner,
        coalesce(channels.kind, case when lower(orders.channel) not in {{ nobodys }} then 'unknown' end) as kind,
        shops.owner as shop
    from {{ ref('orders') }} as orders
    left join {{ ref('channel_owners') }} as channels on lower(orders.channel) = channels.word
    left join {{ ref('channel_owners') }} as shops on orders.platform = shops.word and shops.kind = 'shop'
),

touched as (
    select
        placed.order_id,
        list(distinct touches.owner) filter (where touches.occurred_at > placed.ordered_at - interval 7 day) as owners,
        arg_max(touches.owner, (touches.occurred_at, touches.is_order, touches.event_id)) as last_owner,
        arg_max(touches.kind, (touches.occurred_at, touches.is_order, touches.event_id)) as last_kind,
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
