-- One row per order of the shop, guest checkouts and test orders included; money in the shop's currency.
{% set lost_dispute = "list_has_any(payload ->> '$.disputes[*].status', ['LOST', 'ACCEPTED'])" %}
select
    -- ids: a guest checkout is a profile of its own; of an order whose buyer was erased only the sums stay
    _account as account,
    _key as shop_order_id,
    'shopify:' || _account || ':order:' || _key as order_id,
    case
        when (payload ->> '$.erased') is null
            then coalesce(
                'shopify:' || _account || ':customer:'
                || coalesce(
                    payload ->> '$.customer.legacyResourceId',
                    nullif(regexp_extract(payload ->> '$.customer.id', '(\d+)$', 1), '')
                ),
                'shopify:' || _account || ':guest_order:' || _key
            )
    end as profile_id,
    case when (payload ->> '$.erased') is null then payload ->> '$.name' end as order_name,
    -- what the buyer typed at the checkout
    payload ->> '$.email' as email,
    payload ->> '$.phone' as phone,
    coalesce(payload ->> '$.billingAddress.firstName', payload ->> '$.shippingAddress.firstName') as first_name,
    coalesce(payload ->> '$.billingAddress.lastName', payload ->> '$.shippingAddress.lastName') as last_name,
    coalesce(payload ->> '$.billingAddress.phone', payload ->> '$.shippingAddress.phone') as address_phone,
    coalesce(payload ->> '$.billingAddress.address1', payload ->> '$.shippingAddress.address1') as street,
    coalesce(payload ->> '$.billingAddress.city', payload ->> '$.shippingAddress.city') as city,
    coalesce(payload ->> '$.billingAddress.zip', payload ->> '$.shippingAddress.zip') as postcode,
    coalesce(payload ->> '$.billingAddress.countryCodeV2', payload ->> '$.shippingAddress.countryCodeV2') as country,
    -- statuses
    (payload ->> '$.displayFinancialStatus') in ('PAID', 'PARTIALLY_PAID', 'PARTIALLY_REFUNDED', 'REFUNDED')
        as is_paid,
    lower(payload ->> '$.displayFinancialStatus') as payment_status,
    coalesce((payload ->> '$.test')::boolean, false) as is_test,
    (payload ->> '$.customer') is null and (payload ->> '$.erased') is null as is_guest,
    -- money: decimal text, no minor units
    coalesce((payload ->> '$.totalPriceSet.shopMoney.amount')::decimal(18, 2), 0) as total,
    coalesce((payload ->> '$.totalRefundedSet.shopMoney.amount')::decimal(18, 2), 0) as refunded,
    (payload ->> '$.totalTaxSet.shopMoney.amount')::decimal(18, 2) as tax,
    (payload ->> '$.totalShippingPriceSet.shopMoney.amount')::decimal(18, 2) as shipping,
    payload ->> '$.totalPriceSet.shopMoney.currencyCode' as currency,
    {{ refunds_told('shopify') }} as refunds,
    -- what was bought, at list price; an order read from an export has no lines
    list_transform(
        from_json(payload -> '$.lineItems.nodes', '[{
            "sku": "VARCHAR", "title": "VARCHAR", "quantity": "INTEGER",
            "originalUnitPriceSet": {"shopMoney": {"amount": "DECIMAL(18,2)"}}
        }]'),
        lambda line: {
            'sku': coalesce(nullif(line.sku, ''), line.title),
            'title': line.title,
            'amount': line.quantity * line.originalunitpriceset.shopmoney.amount
        }
    ) as goods,
    payload -> '$.discountCodes' as discount_codes,
    -- where from: the last click before the order
    coalesce(
        payload ->> '$.customerJourneySummary.lastVisit.utmParameters.campaign',
        payload ->> '$.customerJourneySummary.firstVisit.utmParameters.campaign'
    ) as campaign_id,
    coalesce(
        payload ->> '$.customerJourneySummary.lastVisit.utmParameters.source',
        payload ->> '$.customerJourneySummary.lastVisit.source'
    ) as utm_source,
    -- what a link to us carries besides: the code of whoever sent them
    coalesce(
        payload ->> '$.customerJourneySummary.lastVisit.utmParameters.content',
        payload ->> '$.customerJourneySummary.firstVisit.utmParameters.content'
    ) as link_code,
    -- times
    coalesce(
        try_cast(payload ->> '$.processedAt' as timestamptz), try_cast(payload ->> '$.createdAt' as timestamptz),
        _occurred_at
    ) as ordered_at,
    (payload ->> '$.cancelledAt')::timestamptz as cancelled_at,
    _first_seen_at as first_seen_at,
    _last_seen_at as last_seen_at,
    _touched_at as touched_at,
    -- An order is paid, and cancelled, after it was placed: when each was first told.
    coalesce(paid_known_at, _ingested_at) as paid_known_at,
    coalesce(cancelled_known_at, _ingested_at) as cancelled_known_at,
    -- The shop dates no dispute: it is lost when the order first says so.
    case when has_lost_dispute then coalesce(charged_back_changed_at, _last_seen_at) end as charged_back_at,
    coalesce(charged_back_known_at, _ingested_at) as charged_back_known_at,
    _ingested_at as ingested_at
from (
    select
        records.*,
        told.* exclude (_account, _key),
        {{ lost_dispute }} as has_lost_dispute
    from {{ latest(source('raw_shopify', 'orders')) }} as records
    left join {{ first_told(source('raw_shopify', 'orders'), {
        'paid': "(payload ->> '$.displayFinancialStatus')"
            ~ " in ('PAID', 'PARTIALLY_PAID', 'PARTIALLY_REFUNDED', 'REFUNDED')",
        'cancelled': "(payload ->> '$.cancelledAt') is not null",
        'charged_back': lost_dispute,
    }) }} as told
        on records._account = told._account and records._key = told._key
)
