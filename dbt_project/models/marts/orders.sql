-- One row per paid order, kept even if nobody knows whose it is. Money in the order's currency; a
-- cancelled order is listed and worth nothing, a test order was never one.
with paid as (
    select * from {{ ref('events') }} where event_type = 'order_paid'
),

undone as (
    select
        evidence as order_id,
        coalesce(sum(amount) filter (where event_type = 'order_refunded'), 0) as refunded,
        min(occurred_at) filter (where event_type = 'order_cancelled') as cancelled_at,
        max(occurred_at) filter (where event_type = 'order_refunded') as last_refunded_at
    from {{ ref('events') }}
    where event_type in ('order_refunded', 'order_cancelled')
    group by evidence
),

valued as (
    select
        paid.*,
        undone.cancelled_at,
        undone.last_refunded_at,
        case when undone.cancelled_at is null then paid.amount else 0 end as gross,
        case when undone.cancelled_at is null then coalesce(undone.refunded, 0) else 0 end as refunded
    from paid
    left join undone on paid.evidence = undone.order_id
)

select
    valued.evidence as order_id,
    profiles.customer_id,
    valued.profile_id,
    valued.platform,
    valued.details ->> '$.account' as account,
    valued.details ->> '$.order_name' as order_name,
    valued.occurred_at as ordered_at,
    {{ local_day('valued.occurred_at') }} as order_date,
    strftime({{ local_day('valued.occurred_at') }}, '%Y-%m') as order_month,
    case
        when valued.cancelled_at is not null then 'cancelled'
        when valued.refunded >= valued.gross and valued.gross > 0 then 'refunded'
        when valued.refunded > 0 then 'partially_refunded'
        else 'paid'
    end as status,
    valued.gross::decimal(18, 2) as gross,
    valued.refunded::decimal(18, 2) as refunded,
    (valued.gross - valued.refunded)::decimal(18, 2) as net,
    (valued.details ->> '$.tax')::decimal(18, 2) as tax,
    (valued.details ->> '$.shipping')::decimal(18, 2) as shipping,
    valued.currency,
    valued.channel,
    valued.campaign_id,
    valued.cancelled_at,
    valued.last_refunded_at
from valued
left join {{ ref('int_customer_profiles') }} as profiles on valued.profile_id = profiles.profile_id
