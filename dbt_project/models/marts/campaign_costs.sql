-- One row per campaign and day that cost something: in its own currency and, where the company supplied a rate, in the
-- company's, by the rate of that day, as orders are.
with paid as (
    select
        platform,
        platform || ':campaign:' || campaign_id as campaign_key,
        spend_date as cost_date,
        coalesce(currency, '{{ var("currency") }}') as currency,
        sum(cost) as cost
    from {{ ref('spend') }}
    where campaign_id is not null and spend_date <= {{ as_of('lifecycle') }}
    group by 1, 2, 3, 4
    having sum(cost) <> 0
),

rated as (
    select
        paid.*,
        case
            when paid.currency = '{{ var("currency") }}' then 1
            when paid.cost_date - rates.rate_date <= 7 then rates.rate
        end as exchange_rate
    from paid
    asof left join {{ ref('stg_files__rates') }} as rates
        on paid.currency = rates.currency and paid.cost_date >= rates.rate_date
)

select
    campaign_key,
    platform,
    cost_date,
    cost::decimal(18, 2) as cost,
    currency,
    exchange_rate::double as exchange_rate,
    (cost * exchange_rate)::decimal(18, 2) as cost_converted
from rated
