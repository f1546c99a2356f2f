-- One row per customer, axis and stretch of days with one value, from the first day on, without gap or
-- overlap; `valid_to` is exclusive and null for what holds on the given day.
select
    customer_id,
    axis,
    value,
    value_rank,
    valid_from,
    valid_to,
    cause,
    evidence
from {{ ref('int_customers__staged') }}
