-- One row per order of the shop, guest checkouts and test orders included; money in the order's currency.
{% set paid = "((payload ->> '$.date_paid_gmt') is not null"
    ~ " or (payload ->> '$.status') in ('processing', 'completed', 'refunded'))" %}
{% set cancelled = "(payload ->> '$.status') = 'cancelled'" %}
with records as (
    select
        *,
        (payload ->> '$.erased') is not null as is_erased,
        -- A guest's order has customer 0.
        nullif(payload ->> '$.customer_id', '0') as customer_number,
        -- what plugins note beside an order
        json_extract(payload, '$.meta_data[*]') as notes,
        {{ refunds_told('woocommerce') }} as refunds
    from {{ latest(source('raw_woocommerce', 'orders')) }}
)

select
    -- ids: a guest checkout is a profile of its own; of an order whose buyer was erased only the sums stay
    records._account as account,
    records._key as shop_order_id,
    'woocommerce:' || records._account || ':order:' || records._key as order_id,
    case
        when not is_erased
            then coalesce(
                'woocommerce:' || records._account || ':customer:' || customer_number,
                'woocommerce:' || records._account || ':guest_order:' || records._key
            )
    end as profile_id,
    -- As the shop writes it to its buyers.
    case when not is_erased then '#' || (payload ->> '$.number') end as order_name,
    nullif(payload ->> '$.transaction_id', '') as transaction_id,
    -- what the buyer typed at the checkout
    nullif(payload ->> '$.billing.email', '') as email,
    nullif(payload ->> '$.billing.phone', '') as phone,
    nullif(payload ->> '$.billing.first_name', '') as first_name,
    nullif(payload ->> '$.billing.last_name', '') as last_name,
    nullif(payload ->> '$.billing.company', '') as company,
    nullif(payload ->> '$.shipping.phone', '') as address_phone,
    nullif(payload ->> '$.billing.address_1', '') as street,
    nullif(payload ->> '$.billing.city', '') as city,
    nullif(payload ->> '$.billing.postcode', '') as postcode,
    nullif(payload ->> '$.billing.country', '') as country,
    -- statuses: a part given back changes none in the shop
    {{ paid }} as is_paid,
    case
        when (payload ->> '$.status') = 'refunded' then 'refunded'
        when {{ cancelled }} then 'voided'
        when {{ paid }} and refunded > 0 then 'partially_refunded'
        when {{ paid }} then 'paid'
        else payload ->> '$.status'
    end as payment_status,
    -- The shop knows no test orders; the plugins that take the money do.
    coalesce(
        {{ noted('_wcpay_mode') }} = 'test' or {{ noted('_ppcp_paypal_payment_mode') }} = 'sandbox'
        or {{ noted('_mollie_payment_mode') }} = 'test', false
    )
    or {{ is_test_name("concat_ws(' ', payload ->> '$.billing.first_name', payload ->> '$.billing.last_name')") }}
        as is_test,
    customer_number is null and not is_erased as is_guest,
    -- money: decimal text; shipping is told without its tax
    coalesce(try_cast(payload ->> '$.total' as decimal(18, 2)), 0) as total,
    refunded,
    try_cast(payload ->> '$.total_tax' as decimal(18, 2)) as tax,
    try_cast(payload ->> '$.shipping_total' as decimal(18, 2))
    + coalesce(try_cast(payload ->> '$.shipping_tax' as decimal(18, 2)), 0) as shipping,
    payload ->> '$.currency' as currency,
    refunds,
    -- what was bought, before discounts and with tax; an order read from a file has no lines
    list_transform(
        json_extract(payload, '$.line_items[*]'),
        lambda line: {
            'sku': coalesce(nullif(line ->> '$.sku', ''), line ->> '$.name'),
            'title': line ->> '$.name',
            'amount': try_cast(line ->> '$.subtotal' as decimal(18, 2))
            + coalesce(try_cast(line ->> '$.subtotal_tax' as decimal(18, 2)), 0)
        }
    ) as goods,
    to_json(payload ->> '$.coupon_lines[*].code') as discount_codes,
    -- where from: kept by the shop itself since version 8.5
    {{ noted('_wc_order_attribution_utm_campaign') }} as campaign_id,
    nullif({{ noted('_wc_order_attribution_utm_source') }}, '(direct)') as utm_source,
    {{ noted('_wc_order_attribution_utm_content') }} as link_code,
    -- times
    coalesce(_occurred_at, _first_seen_at) as ordered_at,
    -- The shop dates no cancelling: it is when the order first says so.
    case when {{ cancelled }} then coalesce(cancelled_changed_at, _last_seen_at) end as cancelled_at,
    _first_seen_at as first_seen_at,
    _last_seen_at as last_seen_at,
    _touched_at as touched_at,
    coalesce(paid_known_at, _ingested_at) as paid_known_at,
    coalesce(cancelled_known_at, _ingested_at) as cancelled_known_at,
    _ingested_at as ingested_at
from (
    select
        records.*,
        told.* exclude (_account, _key),
        coalesce(
            list_sum(list_transform(refunds, lambda one: one['amount'])),
            try_cast(payload ->> '$.refunded_total' as decimal(18, 2)), 0
        )::decimal(18, 2) as refunded
    from records
    left join {{ first_told(source('raw_woocommerce', 'orders'), {'paid': paid, 'cancelled': cancelled}) }} as told
        on records._account = told._account and records._key = told._key
) as records
