-- Intervals (subject, from, to, why it began, why it ended) in which a condition held over stretches of days that
-- follow one another without a gap. `stretches` has n, valid_from, valid_to, cause, evidence, lost_cause,
-- lost_evidence; a stretch that fulfils the condition joins the one before it.
{% macro stage_intervals(stretches, condition, stage, stage_rank) -%}
with judged as (
    select
        *,
        coalesce({{ condition }}, false) as holds,
        -- What was taken that day explains an end better than what was given.
        lead(coalesce(lost_cause, cause)) over (partition by n order by valid_from) as next_cause,
        lead(coalesce(lost_evidence, evidence)) over (partition by n order by valid_from) as next_evidence,
        -- Counts the stretches that did not hold: constant within one interval.
        count(*) filter (where not coalesce({{ condition }}, false)) over (
            partition by n order by valid_from
        ) as interval_number
    from {{ stretches }}
)

select
    n,
    '{{ stage }}' as stage,
    {{ stage_rank }} as stage_rank,
    min(valid_from) as valid_from,
    case when count(*) = count(valid_to) then max(valid_to) end as valid_to,
    arg_min(evidence, valid_from) as evidence,
    arg_max(next_cause, valid_from) as end_cause,
    arg_max(next_evidence, valid_from) as end_evidence
from judged
where holds
group by n, interval_number
{%- endmacro %}
