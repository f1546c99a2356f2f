-- Intervals (customer, from, to, evidence, why it began, why it ended) in which a condition held over
-- stretches of days that follow one another without a gap. `stretches` has customer_id, valid_from,
-- valid_to, cause, evidence; a stretch that fulfils the condition joins the one before it.
{% macro stage_intervals(stretches, condition, stage, stage_rank) -%}
with judged as (
    select
        *,
        coalesce({{ condition }}, false) as holds,
        lead(cause) over (partition by customer_id order by valid_from) as next_cause,
        -- Counts the stretches that did not hold: constant within one interval.
        count(*) filter (where not coalesce({{ condition }}, false)) over (
            partition by customer_id order by valid_from
        ) as interval_number
    from {{ stretches }}
)

select
    customer_id,
    '{{ stage }}' as stage,
    {{ stage_rank }} as stage_rank,
    min(valid_from) as valid_from,
    case when bool_or(valid_to is null) then null else max(valid_to) end as valid_to,
    arg_min(evidence, valid_from) as evidence,
    arg_max(next_cause, valid_from) as end_cause
from judged
where holds
group by customer_id, interval_number
{%- endmacro %}
