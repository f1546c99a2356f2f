-- One row per customer, axis and stretch of days with one value: the highest stage whose evidence held.
-- `commercial_stage` is the same without ambassador, so that one who bought once is not taken for loyal.
with reached as (
    select * from {{ ref('stage__lead') }}
    union all by name
    select * from {{ ref('stage__prospect') }}
    union all by name
    select * from {{ ref('stage__first_time_customer') }}
    union all by name
    select * from {{ ref('stage__repeat_customer') }}
    union all by name
    select * from {{ ref('stage__loyal_customer') }}
    union all by name
    select * from {{ ref('stage__ambassador') }}
),

-- Who never was an ambassador has the same history on both axes: it is worked out once.
intervals as (
    select 'stage' as axis, * from reached
    union all
    select 'commercial_stage' as axis, *
    from reached
    where stage <> 'ambassador' and customer_id in (select customer_id from {{ ref('stage__ambassador') }})
),

days as (
    select axis, customer_id, valid_from as day from intervals
    union
    select axis, customer_id, valid_to as day from intervals where valid_to <= {{ as_of('lifecycle') }}
),

-- The highest on each day on which anything changed; what ended that day tells why a stage was lost.
highest as (
    select
        days.axis,
        days.customer_id,
        days.day,
        arg_max(intervals.stage, intervals.stage_rank) filter (where coalesce(intervals.valid_to > days.day, true))
            as stage,
        max(intervals.stage_rank) filter (where coalesce(intervals.valid_to > days.day, true)) as stage_rank,
        arg_max(intervals.evidence, intervals.stage_rank) filter (
            where coalesce(intervals.valid_to > days.day, true)
        ) as evidence,
        arg_max(intervals.end_cause, intervals.stage_rank) filter (where intervals.valid_to = days.day) as lost_by
    from days
    inner join intervals
        on
            days.axis = intervals.axis
            and days.customer_id = intervals.customer_id
            and days.day >= intervals.valid_from
    group by all
),

changed as (
    select *, lag(stage_rank) over (partition by axis, customer_id order by day) as rank_before
    from highest
    qualify stage_rank is distinct from lag(stage_rank) over (partition by axis, customer_id order by day)
),

histories as (
    select
        customer_id,
        axis,
        stage as value,
        stage_rank as value_rank,
        day as valid_from,
        lead(day) over (partition by axis, customer_id order by day) as valid_to,
        case when stage_rank < rank_before then lost_by else 'event' end as cause,
        evidence
    from changed
)

select * from histories
union all
select * replace ('commercial_stage' as axis)
from histories
where customer_id not in (select customer_id from {{ ref('stage__ambassador') }})
