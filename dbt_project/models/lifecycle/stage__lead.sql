-- One row per customer: a lead from the day they first became known to anyone of us, for ever. No
-- threshold: whoever left a trace is somebody.
{{ config(materialized='view') }}

with known as (
    select customer_id, event_date, event_id
    from {{ ref('int_customer_events') }}
    union all
    -- A record of somebody who did nothing yet: an account without an order, a line of a list.
    select customer_id, {{ local_day('coalesce(created_at, first_seen_at)') }} as event_date, profile_id as event_id
    from {{ ref('int_customer_profiles') }}
)

select
    customer_id,
    'lead' as stage,
    1 as stage_rank,
    -- Somebody known only after the given day is a lead on it: no customer is without a stage.
    least(min(event_date), {{ as_of('lifecycle') }}) as valid_from,
    null::date as valid_to,
    arg_min(event_id, (event_date, event_id)) as evidence,
    null::varchar as end_cause
from known
group by customer_id
