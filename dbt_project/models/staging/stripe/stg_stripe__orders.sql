-- One row per charge, as an order: what was taken, what was given back, what a dispute lost. A charge that pays an
-- order of a shop we read is that shop's order already.
{% set paid = "((payload ->> '$.status') = 'succeeded'"
    ~ " and coalesce(try_cast(payload ->> '$.amount_captured' as double), 0) > 0)" %}
{% set lost_dispute = "list_contains(payload ->> '$.disputes[*].status', 'lost')" %}
with records as (
    select
        *,
        (payload ->> '$.erased') is not null as is_erased,
        payload ->> '$.customer' as customer_id,
        payload ->> '$.payment_intent' as payment_intent,
        payload ->> '$.currency' as stripe_currency
    from {{ latest(source('raw_stripe', 'charges')) }}
),

-- What pays an order of a shop that notes by which payment.
of_shops as (
    select transaction_id from {{ ref('stg_woocommerce__orders') }}
    union all
    select unnest(transaction_ids) as transaction_id from {{ ref('stg_prestashop__orders') }}
),

-- Current versions tell of a charge's invoice only from the invoice's side.
subscribed as (
    select
        _account,
        payment_intent,
        min(subscription_id) as subscription_id
    from (
        select
            _account,
            unnest(payload ->> '$.payments.data[*].payment.payment_intent') as payment_intent,
            payload ->> '$.parent.subscription_details.subscription' as subscription_id
        from {{ latest(source('raw_stripe', 'invoices')) }}
    ) as paid_by
    where subscription_id is not null
    group by _account, payment_intent
)

select
    -- ids
    records._account as account,
    records._key as shop_order_id,
    'stripe:' || records._account || ':order:' || records._key as order_id,
    case
        when not is_erased
            then coalesce(
                'stripe:' || records._account || ':customer:' || customer_id,
                'stripe:' || records._account || ':guest_order:' || records._key
            )
    end as profile_id,
    subscribed.subscription_id,
    -- who paid
    coalesce(payload ->> '$.billing_details.email', payload ->> '$.receipt_email') as email,
    payload ->> '$.billing_details.phone' as phone,
    payload ->> '$.billing_details.name' as full_name,
    payload ->> '$.billing_details.address.line1' as street,
    payload ->> '$.billing_details.address.city' as city,
    payload ->> '$.billing_details.address.postal_code' as postcode,
    payload ->> '$.billing_details.address.country' as country,
    -- statuses: "refunded" is said by Stripe only of what went back whole
    {{ paid }} as is_paid,
    case
        when not {{ paid }} then payload ->> '$.status'
        when try_cast(payload ->> '$.amount_refunded' as double) >= try_cast(payload ->> '$.amount_captured' as double)
            then 'refunded'
        when try_cast(payload ->> '$.amount_refunded' as double) > 0 then 'partially_refunded'
        else 'paid'
    end as payment_status,
    coalesce((payload ->> '$.livemode') = 'false', false) as is_test,
    customer_id is null and not is_erased as is_guest,
    -- money
    coalesce({{ stripe_money("(payload ->> '$.amount_captured')", "stripe_currency") }}, 0) as total,
    coalesce({{ stripe_money("(payload ->> '$.amount_refunded')", "stripe_currency") }}, 0) as refunded,
    upper(stripe_currency) as currency,
    {{ refunds_told('stripe') }} as refunds,
    payload ->> '$.metadata.utm_campaign' as campaign_id,
    payload ->> '$.metadata.utm_source' as utm_source,
    -- times
    coalesce(_occurred_at, _first_seen_at) as ordered_at,
    _first_seen_at as first_seen_at,
    _last_seen_at as last_seen_at,
    _touched_at as touched_at,
    coalesce(paid_known_at, _ingested_at) as paid_known_at,
    -- Stripe dates the dispute and not its loss: it is lost when the charge first says so.
    case when {{ lost_dispute }} then coalesce(charged_back_changed_at, _last_seen_at) end as charged_back_at,
    coalesce(charged_back_known_at, _ingested_at) as charged_back_known_at,
    _ingested_at as ingested_at
from records
left join subscribed on records._account = subscribed._account and records.payment_intent = subscribed.payment_intent
left join
    {{ first_told(source('raw_stripe', 'charges'), {'paid': paid, 'charged_back': lost_dispute}) }} as told
    on records._account = told._account and records._key = told._key
where
    not exists (select 1 from of_shops where of_shops.transaction_id = records.payment_intent)
    and not exists (select 1 from of_shops where of_shops.transaction_id = records._key)
