-- One row per sale, at the till or online; money in the sale's currency. Most at a till are nobody in particular.
{% set paid = "(coalesce(payload ->> '$.state', '') = 'COMPLETED'"
    ~ " or (coalesce(payload ->> '$.state', '') <> 'CANCELED'"
    ~ " and coalesce(json_array_length(payload, '$.tenders'), 0) > 0))" %}
{% set cancelled = "((payload ->> '$.state') = 'CANCELED')" %}
with records as (
    select
        *,
        (payload ->> '$.erased') is not null as is_erased,
        coalesce(
            nullif(payload ->> '$.customer_id', ''),
            list_filter(payload ->> '$.tenders[*].customer_id', lambda one: one <> '')[1]
        ) as customer_id,
        -- to whom it goes
        coalesce(
            payload -> '$.fulfillments[0].shipment_details.recipient',
            payload -> '$.fulfillments[0].delivery_details.recipient',
            payload -> '$.fulfillments[0].pickup_details.recipient'
        ) as recipient,
        {{ refunds_told('square') }} as refunds
    from {{ latest(source('raw_square', 'orders')) }}
    -- What came back is an order, too, by which nothing is sold.
    where
        coalesce(json_array_length(payload, '$.returns'), 0) = 0
        or coalesce(json_array_length(payload, '$.line_items'), 0) > 0
),

summed as (
    select
        records.*,
        told.* exclude (_account, _key),
        coalesce(
            {{ square_money('$.total_money') }}, try_cast(payload ->> '$.total_told' as decimal(18, 2)), 0
        ) as total,
        coalesce(list_sum(list_transform(refunds, lambda one: one['amount'])), 0)::decimal(18, 2) as refunded
    from records
    left join {{ first_told(source('raw_square', 'orders'), {'paid': paid, 'cancelled': cancelled}) }} as told
        on records._account = told._account and records._key = told._key
)

select
    -- ids: of an order whose buyer was erased only the sums stay
    _account as account,
    _key as shop_order_id,
    'square:' || _account || ':order:' || _key as order_id,
    case
        when is_erased then null
        when customer_id is not null then 'square:' || _account || ':customer:' || customer_id
        when coalesce(recipient ->> '$.email_address', recipient ->> '$.phone_number') is not null
            then 'square:' || _account || ':guest_order:' || _key
    end as profile_id,
    case when not is_erased then payload ->> '$.reference_id' end as order_name,
    -- what the buyer typed
    nullif(recipient ->> '$.email_address', '') as email,
    nullif(recipient ->> '$.phone_number', '') as phone,
    nullif(recipient ->> '$.display_name', '') as full_name,
    nullif(recipient ->> '$.address.address_line_1', '') as street,
    nullif(recipient ->> '$.address.locality', '') as city,
    nullif(recipient ->> '$.address.postal_code', '') as postcode,
    nullif(recipient ->> '$.address.country', '') as country,
    -- statuses
    {{ paid }} as is_paid,
    case
        when {{ cancelled }} then 'voided'
        when not {{ paid }} then 'pending'
        when refunded >= total and total > 0 then 'refunded'
        when refunded > 0 then 'partially_refunded'
        else 'paid'
    end as payment_status,
    -- Tries are made in the sandbox, which is another address.
    {{ is_test_name("recipient ->> '$.display_name'") }} as is_test,
    customer_id is null and not is_erased
    and coalesce(recipient ->> '$.email_address', recipient ->> '$.phone_number') is not null as is_guest,
    -- money
    total,
    refunded,
    coalesce({{ square_money('$.total_tax_money') }}, try_cast(payload ->> '$.tax_told' as decimal(18, 2))) as tax,
    coalesce(
        payload ->> '$.total_money.currency', payload ->> '$.currency_told', '{{ var("currency") }}'
    ) as currency,
    refunds,
    -- what was bought, before discounts and with tax; a sale read from a file has no lines
    list_transform(
        json_extract(payload, '$.line_items[*]'),
        lambda line: {
            'sku': coalesce(nullif(line ->> '$.catalog_object_id', ''), line ->> '$.name'),
            'title': line ->> '$.name',
            'amount': {{ square_money('$.total_money', 'line') }}
            + coalesce({{ square_money('$.total_discount_money', 'line') }}, 0)
        }
    ) as goods,
    -- times
    coalesce(_occurred_at, _first_seen_at) as ordered_at,
    -- Square dates no cancelling: it is when the order first says so.
    case when {{ cancelled }} then coalesce(cancelled_changed_at, _last_seen_at) end as cancelled_at,
    _first_seen_at as first_seen_at,
    _last_seen_at as last_seen_at,
    _touched_at as touched_at,
    coalesce(paid_known_at, _ingested_at) as paid_known_at,
    coalesce(cancelled_known_at, _ingested_at) as cancelled_known_at,
    _ingested_at as ingested_at
from summed
