-- One row per order of the shop, guests' included; money in the order's currency. One checkout may make several, with
-- the same reference.
{% set paid = "((payload ->> '$.valid') in ('1', 'true')"
    ~ " or coalesce(try_cast(payload ->> '$.total_paid_real' as decimal(18, 2)), 0) > 0"
    ~ " or coalesce(json_array_length(payload, '$.payments'), 0) > 0)" %}
-- The shop says which of its own states mean these; a file does not, and the numbers of a fresh shop are taken.
{% set end = "coalesce(payload ->> '$.end', case when (payload -> '$.states') is null then"
    ~ " case payload ->> '$.current_state' when '6' then 'cancelled' when '7' then 'refunded' when '8' then 'failed'"
    ~ " end end)" %}
{% set cancelled = "(" ~ end ~ " = 'cancelled')" %}
with buyers as (
    select
        account,
        split_part(profile_id, ':', 4) as customer_number,
        is_test,
        -- To whom the shop's GDPR module gives the orders of all it erased: one row for very many people.
        is_nobody
    from {{ ref('stg_prestashop__customers') }}
),

records as (
    select
        orders.*,
        (payload ->> '$.erased') is not null or coalesce(buyers.is_nobody, false) as is_erased,
        coalesce(buyers.is_test, false) as is_test,
        payload ->> '$.id_customer' as customer_number,
        {{ end }} as order_end,
        {{ refunds_told('prestashop') }} as refunds
    from {{ latest(source('raw_prestashop', 'orders')) }} as orders
    left join buyers
        on orders._account = buyers.account and (orders.payload ->> '$.id_customer') = buyers.customer_number
),

summed as (
    select
        records.*,
        told.* exclude (_account, _key),
        try_cast(payload ->> '$.total_paid_tax_incl' as decimal(18, 2)) as total,
        coalesce(
            list_sum(list_transform(refunds, lambda one: one['amount'])),
            try_cast(payload ->> '$.refunded_total' as decimal(18, 2)), 0
        )::decimal(18, 2) as given_back
    from records
    left join {{ first_told(source('raw_prestashop', 'orders'), {'paid': paid, 'cancelled': cancelled}) }} as told
        on records._account = told._account and records._key = told._key
)

select
    -- ids: of an order whose buyer was erased only the sums stay
    summed._account as account,
    summed._key as shop_order_id,
    'prestashop:' || summed._account || ':order:' || summed._key as order_id,
    case when not is_erased then 'prestashop:' || summed._account || ':customer:' || customer_number end as profile_id,
    -- As the shop writes it to its buyers.
    case when (payload ->> '$.erased') is null then payload ->> '$.reference' end as order_name,
    list_filter(payload ->> '$.payments[*].transaction_id', lambda one: one <> '') as transaction_ids,
    -- who bought
    addresses.phone,
    addresses.first_name,
    addresses.last_name,
    addresses.company,
    addresses.street,
    addresses.city,
    addresses.postcode,
    coalesce(addresses.country, payload ->> '$.country_code') as country,
    -- statuses
    {{ paid }} as is_paid,
    case
        when order_end = 'cancelled' then 'voided'
        when order_end = 'failed' then 'failed'
        when not {{ paid }} then 'pending'
        when order_end = 'refunded' or given_back >= total and total > 0 then 'refunded'
        when given_back > 0 then 'partially_refunded'
        else 'paid'
    end as payment_status,
    -- The shop knows no test orders: only the buyer's name can tell.
    summed.is_test,
    -- A guest is a customer of the shop, with a row of its own.
    false as is_guest,
    -- money: decimal text; what was given back without a slip was given back all the same
    coalesce(total, 0) as total,
    case when order_end = 'refunded' and {{ paid }} then greatest(given_back, coalesce(total, 0)) else given_back end
        as refunded,
    total - try_cast(payload ->> '$.total_paid_tax_excl' as decimal(18, 2)) as tax,
    try_cast(payload ->> '$.total_shipping_tax_incl' as decimal(18, 2)) as shipping,
    payload ->> '$.currency' as currency,
    refunds,
    -- what was bought, before discounts and with tax; an order read from a file has no lines
    list_transform(
        json_extract(payload, '$.associations.order_rows[*]'),
        lambda line: {
            'sku': coalesce(nullif(line ->> '$.product_reference', ''), line ->> '$.product_name'),
            'title': line ->> '$.product_name',
            'amount': (
                try_cast(line ->> '$.unit_price_tax_incl' as decimal(18, 6))
                * try_cast(line ->> '$.product_quantity' as decimal(9, 0))
            )::decimal(18, 2)
        }
    ) as goods,
    to_json(payload ->> '$.coupons[*]') as discount_codes,
    -- times
    coalesce(summed._occurred_at, summed._first_seen_at) as ordered_at,
    -- The history of states dates it; a file has none, and it is when the order first said so.
    case when order_end = 'cancelled' then coalesce(
        try_cast(list_last(list_filter(
            json_extract(payload, '$.states[*]'), lambda one: (one ->> '$.end') = 'cancelled'
        )) ->> '$.at_utc' as timestamptz),
        cancelled_changed_at,
        summed._last_seen_at
    ) end as cancelled_at,
    summed._first_seen_at as first_seen_at,
    summed._last_seen_at as last_seen_at,
    greatest(summed._touched_at, addresses.touched_at) as touched_at,
    coalesce(paid_known_at, summed._ingested_at) as paid_known_at,
    coalesce(cancelled_known_at, summed._ingested_at) as cancelled_known_at,
    summed._ingested_at as ingested_at
from summed
left join {{ ref('stg_prestashop__addresses') }} as addresses
    on summed._account = addresses.account and (payload ->> '$.id_address_invoice') = addresses.address_id
