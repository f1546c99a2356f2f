-- The shops, and where their raw orders list refunds: `number`, `amount` and `at` of one, as SQL over the JSON `refund`.
-- A new shop is a line here, its models stg_<shop>__orders and stg_<shop>__customers.
{% macro shops() -%}
    {{ return([
        {
            'name': 'shopify',
            'number': "coalesce(refund ->> '$.legacyResourceId', regexp_extract(refund ->> '$.id', '(\\d+)$', 1))",
            'amount': "(refund ->> '$.totalRefundedSet.shopMoney.amount')",
            'at': "coalesce("
                ~ "try_cast(refund ->> '$.processedAt' as timestamptz), try_cast(refund ->> '$.createdAt' as timestamptz))",
        },
        {
            'name': 'woocommerce',
            'number': "(refund ->> '$.id')",
            'amount': "ltrim(coalesce(refund ->> '$.total', refund ->> '$.amount'), '-')",
            'at': "try_cast(refund ->> '$.created_at_utc' as timestamptz)",
        },
    ]) }}
{%- endmacro %}

-- The refunds of an order's payload: number, amount above zero, when.
{% macro refunds_told(shop) -%}
    {% set one = (shops() | selectattr('name', 'equalto', shop) | first) %}
    list_filter(list_transform(
        json_extract(payload, '$.refunds[*]'),
        lambda refund: {
            'refund_number': {{ one.number }},
            'amount': coalesce(try_cast({{ one.amount }} as decimal(18, 2)), 0),
            'refunded_at': {{ one.at }}
        }
    ), lambda one: one.refund_number is not null)
{%- endmacro %}
