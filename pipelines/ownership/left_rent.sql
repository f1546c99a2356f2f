-- One row: of what orders of the year before $day left, the part of those that something paid for had touched in the
-- seven days before; and the part of orders of nobody known, whose touches nobody knows either.
select
    count(*) filter (where is_purchase) as order_count,
    sum(value) as value,
    sum(value) filter (where is_paid_for) as paid_for,
    sum(value) filter (where customer_id is null) as nobodys,
    bool_or(is_margin) as is_margin,
    case when sum(value) > 0 then coalesce(sum(value) filter (where is_paid_for), 0) / sum(value) end as rent_ratio,
    case when sum(value) > 0 then
        coalesce(sum(value) filter (where is_paid_for or customer_id is null), 0) / sum(value)
    end as rent_ratio_high,
    case when sum(value) > 0 then
        coalesce(sum(value) filter (where customer_id is null and not is_paid_for), 0) / sum(value)
    end as unknown_share
from earned
where order_date > $day::date - 365
