-- One row per stage and how long people stay in it, as of the given day. How it is worked out, for any day:
-- funnel__stays.
select
    stage_number::integer as stage_number,
    stage,
    stay_count::integer as stay_count,
    ended_count::integer as ended_count,
    status,
    quarter_left_after_days::integer as quarter_left_after_days,
    median_days::integer as median_days,
    three_quarters_left_after_days::integer as three_quarters_left_after_days
from {{ ref('funnel__stays') }}
