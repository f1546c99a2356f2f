-- One row per step of the funnel and month of entry, as of the given day. How it is worked out, for any day:
-- funnel__conversion.
select
    step_number::integer as step_number,
    from_stage,
    to_stage,
    cohort_month,
    within_days::integer as within_days,
    entered_count::integer as entered_count,
    converted_count::integer as converted_count,
    status,
    conversion_rate::double as conversion_rate,
    rate_at_least::double as rate_at_least,
    rate_at_most::double as rate_at_most,
    reversed_count::integer as reversed_count,
    reversal_rate::double as reversal_rate,
    median_days::double as median_days,
    median_value::decimal(18, 2) as median_value,
    velocity::decimal(18, 2) as velocity
from {{ ref('funnel__conversion') }}
