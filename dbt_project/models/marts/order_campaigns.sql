-- One row per order: the campaign that first brought its customer, the one it names itself, how many days and orders
-- lie between, and what it leaves. An order of nobody known, or of somebody erased, goes by what it names itself.
-- Read where products have rates of their own:
-- depends_on: {{ ref('events') }}
{% set costs = var('costs') %}
{% set one_rate = costs.margin_rate if costs.margin_rate is not none else 'null' %}
with named as (
    select order_id, campaign_key
    from {{ ref('campaign_touches') }}
    where order_id is not null
),

{% if costs.margins or costs.months %}
    goods as (
        select
            evidence as order_id,
            unnest(
                from_json(details -> '$.goods', '[{"sku": "VARCHAR", "amount": "DOUBLE"}]'), recursive := true
            )
        from {{ ref('events') }}
        where event_type = 'order_paid'
    ),
{% endif %}

{% if costs.margins %}
    -- Goods stand at list price: they share out what was paid.
    rates as (
        select
            goods.order_id,
            sum(goods.amount * coalesce(rates.rate, {{ costs.margin_rate }})) / nullif(sum(goods.amount), 0) as rate
        from goods
        left join (
            values {{ by_product(costs.margins) }}
        ) as rates (sku, rate) on goods.sku = rates.sku
        group by goods.order_id
    ),
{% endif %}

{% if costs.months %}
    -- What is paid for years at once is earned month by month; the rest of such an order in its first.
    terms as (
        select
            order_id,
            list(months order by months) as term_months,
            list(amount / paid order by months) as term_shares
        from (
            select
                goods.order_id,
                coalesce(terms.months, 1)::integer as months,
                sum(goods.amount) as amount,
                sum(sum(goods.amount)) over (partition by goods.order_id) as paid
            from goods
            left join (
                values {{ by_product(costs.months) }}
            ) as terms (sku, months) on goods.sku = terms.sku
            group by goods.order_id, coalesce(terms.months, 1)
        ) as told
        where paid > 0
        group by order_id
        having max(months) > 1
    ),
{% endif %}

-- Whoever was touched by something paid for in the seven days before did not come by themselves.
paid as (
    select distinct platform || ':campaign:' || campaign_id as campaign_key
    from {{ ref('spend') }}
    where cost > 0
),

paid_for as (
    select orders.order_id
    from {{ ref('orders') }} as orders
    inner join {{ ref('campaign_touches') }} as touches
        on
            orders.customer_id = touches.customer_id
            and touches.occurred_at <= orders.ordered_at
            and touches.occurred_at > orders.ordered_at - interval 7 day
    inner join paid on touches.campaign_key = paid.campaign_key
    union
    select named.order_id
    from named
    inner join paid on named.campaign_key = paid.campaign_key
),

placed as (
    select
        order_id,
        customer_id,
        order_date,
        gross > 0 as is_purchase,
        gross_converted,
        refunded_converted,
        net_converted,
        case
            when customer_id is not null and gross > 0 then
                row_number() over (partition by customer_id, gross > 0 order by ordered_at, order_id)
        end as order_number
    from {{ ref('orders') }}
)

select
    placed.order_id,
    placed.customer_id,
    placed.order_date,
    placed.is_purchase,
    placed.order_number::integer as order_number,
    placed.gross_converted,
    placed.refunded_converted,
    placed.net_converted,
    (
        placed.net_converted
        * {{ 'coalesce(rates.rate, ' ~ one_rate ~ ')' if costs.margins else one_rate }}
        -- A parcel that came back was paid for all the same.
        - case when placed.is_purchase then {{ costs.per_order }} else 0 end
    )::decimal(18, 2) as contribution,
    case when people.customer_id is null then named.campaign_key else people.campaign_key end as brought_by,
    named.campaign_key as named_campaign,
    people.first_contact_on,
    people.first_order_on,
    coalesce(paid_for.order_id is not null, false) as is_paid_for,
    {{ 'terms.term_months' if costs.months else 'null::integer[]' }} as term_months,
    {{ 'terms.term_shares' if costs.months else 'null::double[]' }} as term_shares
from placed
left join named on placed.order_id = named.order_id
left join {{ ref('customer_campaigns') }} as people on placed.customer_id = people.customer_id
left join paid_for on placed.order_id = paid_for.order_id
{% if costs.margins %}
    left join rates on placed.order_id = rates.order_id
{% endif %}
{% if costs.months %}
    left join terms on placed.order_id = terms.order_id
{% endif %}
