-- One row per customer, axis and stretch of days with one value, from the first day on, without gap or
-- overlap; `valid_to` is exclusive and null for what holds on the given day.
select
    customer_id,
    axis,
    value,
    value_rank,
    valid_from,
    valid_to,
    lag(value) over history as previous_value,
    (valid_from - lag(valid_from) over history)::integer as days_in_previous,
    cause,
    evidence,
    -- Taken back and not merely worn off: points that expire reverse nothing.
    coalesce(value_rank < lag(value_rank) over history, false)
    and cause in ('refund', 'cancellation', 'disqualified') as is_reversal,
    '{{ var("rule_version") }}' as rule_version,
    '{{ var("configuration") }}' as config_hash,
    (select max(ingested_at) from {{ ref('events') }}) as known_through
from {{ ref('int_customers__staged') }}
window history as (partition by customer_id, axis order by valid_from)
