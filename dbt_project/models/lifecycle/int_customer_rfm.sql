-- One row per buyer: recency, frequency and money, 1 to 5 each, and the group they make, where there are a hundred
-- buyers to compare with. Recency and money are fifths of this company's own buyers, and equals share the lower
-- score: cut at random, nine of ten one-time buyers would get scores they did nothing for. Frequency has fixed
-- bands for the same reason.
{{ config(materialized='view') }}

with ranked as (
    select
        customer_id,
        occasions_12m,
        -- Whole numbers: in floating point a fifth may fall just short of itself.
        5 * (rank() over (order by last_occasion_on) - 1) as recency_steps,
        5 * (rank() over (order by revenue_12m) - 1) as money_steps,
        greatest(count(*) over () - 1, 1) as steps,
        count(*) over () as buyer_count
    from {{ ref('int_customer_habits') }}
),

scored as (
    select
        customer_id,
        least(5, 1 + recency_steps // steps)::integer as recency,
        case
            when occasions_12m >= 6 then 5 when occasions_12m >= 4 then 4 when occasions_12m = 3 then 3
            when occasions_12m = 2 then 2 else 1
        end as frequency,
        least(5, 1 + money_steps // steps)::integer as money
    from ranked
    where buyer_count >= 100
),

crossed as (
    -- Halves are rounded up.
    select *, (frequency + money + 1) // 2 as frequency_and_money
    from scored
)

select
    customer_id,
    recency,
    frequency,
    money,
    case
        when recency = 5 and frequency_and_money >= 4 then 'champions'
        when recency = 5 and frequency_and_money = 3 then 'active'
        when recency = 5 then 'new'
        when recency in (3, 4) and frequency_and_money >= 4 then 'loyal'
        when recency = 4 and frequency_and_money = 3 then 'active'
        when recency = 4 then 'promising'
        when recency = 3 and frequency_and_money = 3 then 'needs_attention'
        when recency = 3 then 'almost_lost'
        when recency = 2 and frequency_and_money >= 3 then 'at_risk'
        when recency = 2 then 'almost_lost'
        when frequency_and_money >= 4 then 'previously_loyal'
        when frequency_and_money = 3 then 'at_risk'
        else 'dormant'
    end as rfm_group
from crossed
