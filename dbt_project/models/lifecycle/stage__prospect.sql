-- One row per customer who raised a hand, or whose engagement reached the threshold within the rolling
-- window: from that day, for ever. Points stand in seeds/event_points.csv; opening mail earns none.
{{ config(materialized='view') }}

with counted as (
    select
        events.customer_id,
        events.event_date,
        events.event_id,
        points.points
    from {{ ref('int_customer_events') }} as events
    inner join {{ ref('event_points') }} as points on events.event_type = points.event_type
    -- The button pressed twice is one form; ten visits on one day are one.
    qualify points.counts_once_per = 'event' or row_number() over (
        partition by
            events.customer_id, events.event_date, events.event_type,
            case when points.counts_once_per = 'day and form' then events.details ->> '$.form' end
        order by events.occurred_at, events.event_id
    ) = 1
),

scored as (
    select
        customer_id,
        event_date,
        event_id,
        -- "Rolling 90 days" is the day and the 89 before it.
        sum(points) over (
            partition by customer_id order by event_date
            range between interval ({{ var('lifecycle')['prospect_window_days'] }} - 1) days preceding and current row
        ) as score
    from counted
)

select
    customer_id,
    'prospect' as stage,
    2 as stage_rank,
    min(event_date) as valid_from,
    null::date as valid_to,
    arg_min(event_id, (event_date, event_id)) as evidence,
    null::varchar as end_cause
from scored
where score >= {{ var('lifecycle')['prospect_points'] }}
group by customer_id
