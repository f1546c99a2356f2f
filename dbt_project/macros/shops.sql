-- The shops, the stream of their orders, and where those list refunds: `number`, `amount` and `at` of one, as SQL over
-- the JSON `refund`.
-- A new shop is a line here, its models stg_<shop>__orders and stg_<shop>__customers.
{% macro shops() -%}
    {{ return([
        {
            'name': 'shopify', 'orders': 'orders', 'refunds': '$.refunds[*]',
            'number': "coalesce(refund ->> '$.legacyResourceId', regexp_extract(refund ->> '$.id', '(\\d+)$', 1))",
            'amount': "try_cast(refund ->> '$.totalRefundedSet.shopMoney.amount' as decimal(18, 2))",
            'at': "coalesce("
                ~ "try_cast(refund ->> '$.processedAt' as timestamptz), try_cast(refund ->> '$.createdAt' as timestamptz))",
        },
        {
            'name': 'woocommerce', 'orders': 'orders', 'refunds': '$.refunds[*]',
            'number': "(refund ->> '$.id')",
            'amount': "abs(try_cast(coalesce(refund ->> '$.total', refund ->> '$.amount') as decimal(18, 2)))",
            'at': "try_cast(refund ->> '$.created_at_utc' as timestamptz)",
        },
        {
            'name': 'prestashop', 'orders': 'orders', 'refunds': '$.refunds[*]',
            'number': "(refund ->> '$.id')",
            'amount': "coalesce("
                ~ "nullif(try_cast(refund ->> '$.total_products_tax_incl' as decimal(18, 2))"
                ~ " + coalesce(try_cast(refund ->> '$.total_shipping_tax_incl' as decimal(18, 2)), 0), 0),"
                ~ " try_cast(refund ->> '$.amount' as decimal(18, 2))"
                ~ " + coalesce(try_cast(refund ->> '$.shipping_cost_amount' as decimal(18, 2)), 0))",
            'at': "try_cast(refund ->> '$.created_at_utc' as timestamptz)",
        },
        {
            'name': 'square', 'orders': 'orders', 'refunds': '$.refunds[*]',
            'number': "case when coalesce(refund ->> '$.status', '') not in ('REJECTED', 'FAILED')"
                ~ " then refund ->> '$.id' end",
            'amount': square_money('$.amount_money', 'refund'),
            'at': "try_cast(refund ->> '$.created_at' as timestamptz)",
        },
        {
            'name': 'stripe', 'orders': 'charges', 'refunds': '$.refunds.data[*]',
            'number': "case when coalesce(refund ->> '$.status', '') not in ('failed', 'canceled')"
                ~ " then refund ->> '$.id' end",
            'amount': stripe_money("(refund ->> '$.amount')", "(refund ->> '$.currency')"),
            'at': stripe_time("(refund ->> '$.created')"),
        },
    ]) }}
{%- endmacro %}

-- The refunds of an order's payload: number, amount above zero, when.
{% macro refunds_told(shop) -%}
    {% set one = (shops() | selectattr('name', 'equalto', shop) | first) %}
    list_filter(list_transform(
        json_extract(payload, '{{ one.refunds }}'),
        lambda refund: {
            'refund_number': {{ one.number }},
            'amount': coalesce({{ one.amount }}, 0),
            'refunded_at': {{ one.at }}
        }
    ), lambda one: one.refund_number is not null)
{%- endmacro %}
