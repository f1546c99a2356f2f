-- Each history begins somewhere, is followed day by day by the next stretch and ends in one open one; no
-- stretch is empty and no two neighbours say the same.
with stretches as (
    select
        *,
        lead(valid_from) over history as next_from,
        lag(value) over history as value_before,
        count(*) filter (where valid_to is null) over (partition by customer_id, axis) as open_count
    from {{ ref('customer_stages') }}
    window history as (partition by customer_id, axis order by valid_from)
)

select customer_id, axis, valid_from, valid_to
from stretches
where
    valid_to is distinct from next_from
    or valid_to <= valid_from
    or value = value_before
    or open_count <> 1
