-- One row per order paid up to the given day, whoever's it is, and what is left of it on that day. In its own
-- currency and, where the company supplied a rate, in the company's. Refunds go by the rate of the order: what
-- was paid back in full is nothing in any currency.
with happened as (
    select *, {{ local_day('occurred_at') }} as event_date
    from {{ ref('events') }}
    where
        event_type in ('order_paid', 'order_refunded', 'order_charged_back', 'order_cancelled')
        and {{ has_come('occurred_at', as_of('lifecycle')) }}
),

undone as (
    select
        evidence as order_id,
        coalesce(sum(amount) filter (where event_type in ('order_refunded', 'order_charged_back')), 0) as refunded,
        min(occurred_at) filter (where event_type = 'order_cancelled') as cancelled_at,
        max(occurred_at) filter (where event_type in ('order_refunded', 'order_charged_back')) as last_refunded_at
    from happened
    where event_type <> 'order_paid'
    group by evidence
),

valued as (
    select
        paid.*,
        undone.cancelled_at,
        undone.last_refunded_at,
        case when undone.cancelled_at is null then paid.amount else 0 end as gross,
        case when undone.cancelled_at is null then coalesce(undone.refunded, 0) else 0 end as refunded
    from happened as paid
    left join undone on paid.evidence = undone.order_id
    where paid.event_type = 'order_paid'
),

-- The last rate on or before the order's day: banks publish none at weekends. One of a week ago says nothing.
rated as (
    select
        valued.*,
        case
            when coalesce(valued.currency, '{{ var("currency") }}') = '{{ var("currency") }}' then 1
            when valued.event_date - rates.rate_date <= 7 then rates.rate
        end as exchange_rate
    from valued
    asof left join {{ ref('stg_files__rates') }} as rates
        on valued.currency = rates.currency and valued.event_date >= rates.rate_date
),

converted as (
    select
        *,
        (gross * exchange_rate)::decimal(18, 2) as gross_converted,
        (refunded * exchange_rate)::decimal(18, 2) as refunded_converted
    from rated
)

select
    evidence as order_id,
    profile_id,
    platform,
    details,
    occurred_at as ordered_at,
    event_date as order_date,
    gross::decimal(18, 2) as gross,
    refunded::decimal(18, 2) as refunded,
    (gross - refunded)::decimal(18, 2) as net,
    currency,
    exchange_rate::double as exchange_rate,
    gross_converted,
    refunded_converted,
    (gross_converted - refunded_converted)::decimal(18, 2) as net_converted,
    channel,
    campaign_id,
    cancelled_at,
    last_refunded_at
from converted
