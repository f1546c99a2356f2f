-- One row per thing that happened to a subscription: its first payment is its start, further ones renew it; a trial
-- that costs nothing starts nothing.
{% set ended = "(payload ->> '$.ended_at') is not null" %}
{% set announced = "((payload ->> '$.cancel_at_period_end') = 'true' and (payload ->> '$.ended_at') is null)" %}
{% set paid = "((payload ->> '$.status') = 'paid' and coalesce(try_cast(payload ->> '$.total' as double), 0) > 0)" %}
{% set failed = "((payload ->> '$.status') in ('open', 'uncollectible') and (payload ->> '$.attempted') = 'true')" %}
with subscriptions as (
    select
        records.*,
        told.* exclude (_account, _key),
        -- How many months one payment is for.
        case payload ->> '$.items.data[0].price.recurring.interval'
            when 'year' then 12 when 'month' then 1
        end
        * coalesce(try_cast(payload ->> '$.items.data[0].price.recurring.interval_count' as integer), 1) as months
    from {{ latest(source('raw_stripe', 'subscriptions')) }} as records
    left join
        {{ first_told(source('raw_stripe', 'subscriptions'), {'ended': ended, 'announced': announced}) }} as told
        on records._account = told._account and records._key = told._key
    where coalesce((payload ->> '$.livemode') <> 'false', true)
),

invoices as (
    select
        records.*,
        told.* exclude (_account, _key),
        payload ->> '$.parent.subscription_details.subscription' as subscription_id,
        {{ stripe_time("(payload ->> '$.status_transitions.paid_at')") }} as paid_at,
        {{ stripe_time("(payload ->> '$.status_transitions.finalized_at')") }} as finalized_at
    from {{ latest(source('raw_stripe', 'invoices')) }} as records
    left join {{ first_told(source('raw_stripe', 'invoices'), {'paid': paid, 'failed': failed}) }} as told
        on records._account = told._account and records._key = told._key
    where coalesce((payload ->> '$.livemode') <> 'false', true)
),

happened as (
    select
        _account,
        _key,
        payload ->> '$.customer' as customer_id,
        subscription_id,
        case
            when row_number() over (partition by _account, subscription_id order by paid_at, _key) = 1
                then 'subscription_started'
            else 'subscription_renewed'
        end as event_type,
        paid_at as occurred_at,
        coalesce(paid_known_at, _ingested_at) as known_since,
        _touched_at as touched_at,
        {{ stripe_money("(payload ->> '$.total')", "(payload ->> '$.currency')") }} as amount,
        upper(payload ->> '$.currency') as currency
    from invoices
    where {{ paid }} and subscription_id is not null

    union all by name

    select
        _account, _key, payload ->> '$.customer' as customer_id, subscription_id,
        'subscription_payment_failed' as event_type, finalized_at as occurred_at,
        coalesce(failed_known_at, _ingested_at) as known_since, _touched_at as touched_at
    from invoices
    where {{ failed }} and subscription_id is not null

    union all by name

    select
        _account, _key, payload ->> '$.customer' as customer_id, _key as subscription_id,
        'subscription_end_announced' as event_type,
        {{ stripe_time("(payload ->> '$.canceled_at')") }} as occurred_at,
        coalesce(announced_known_at, _ingested_at) as known_since, _touched_at as touched_at
    from subscriptions
    where {{ announced }}

    union all by name

    select
        _account, _key, payload ->> '$.customer' as customer_id, _key as subscription_id,
        'subscription_ended' as event_type, {{ stripe_time("(payload ->> '$.ended_at')") }} as occurred_at,
        coalesce(ended_known_at, _ingested_at) as known_since, _touched_at as touched_at
    from subscriptions
    where {{ ended }}
)

select
    'stripe:' || happened._account || ':' || happened._key || ':' || happened.event_type as event_id,
    'stripe:' || happened._account || ':customer:' || happened.customer_id as profile_id,
    happened.event_type,
    happened.occurred_at,
    happened.known_since,
    happened.touched_at,
    happened.amount,
    happened.currency,
    happened.subscription_id,
    case when happened.amount is not null then coalesce(subscriptions.months, 1) end as months
from happened
left join subscriptions
    on happened._account = subscriptions._account and happened.subscription_id = subscriptions._key
where happened.customer_id is not null
