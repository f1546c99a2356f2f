-- One row per stretch in which a subject had raised a hand, or was engaged enough within the rolling window: from
-- that day, until they are disqualified; after that only later evidence counts. Points stand in
-- seeds/event_points.csv; opening mail earns none.
{{ config(materialized='kept', settled_by='lifecycle', keys=['n'], stale=['int_lifecycle__scope']) }}
-- depends_on: {{ ref('int_lifecycle__settled') }}

with counted as (
    select
        events.n,
        events.event_date,
        events.occurred_at,
        events.event_id,
        events.event_type,
        points.points,
        points.counts_once_per,
        events.details
    from {{ ref('int_lifecycle__events') }} as events
    inner join {{ ref('event_points') }} as points on events.event_type = points.event_type
    union all
    select n, event_date, occurred_at, event_id, event_type, 0, 'never', null
    from {{ ref('int_lifecycle__events') }}
    where event_type in ('disqualified', 'not_interested')
),

disqualified as (
    select distinct n from counted where counts_once_per = 'never'
),

-- Each disqualification begins a chapter of its own. Most people have none: they need no sorting.
chaptered as (
    select counted.*, 0 as chapter
    from counted
    anti join disqualified on counted.n = disqualified.n
    union all
    select
        counted.*,
        count(*) filter (where counts_once_per = 'never') over (
            partition by n order by occurred_at, counts_once_per = 'never' desc, event_id
        ) as chapter
    from counted
    semi join disqualified on counted.n = disqualified.n
),

-- The button pressed twice is one form; ten visits on one day are one.
days as (
    select n, chapter, event_date, sum(points) as points, min(event_id) as event_id
    from (
        select
            n, chapter, event_date, event_type, points,
            case when counts_once_per = 'day and form' then coalesce(details ->> '$.form', '') end as form,
            case when counts_once_per = 'event' then event_id end as one,
            min(event_id) as event_id
        from chaptered
        where counts_once_per <> 'never'
        group by all
    ) as once
    group by n, chapter, event_date
),

-- Who has not enough in all has not enough in any window.
promising as (
    select n, chapter
    from days
    group by n, chapter
    having sum(points) >= {{ var('lifecycle')['prospect_points'] }}
),

scored as (
    select
        n,
        chapter,
        event_date,
        event_id,
        -- "Rolling 90 days" is the day and the 89 before it.
        sum(points) over (
            partition by n, chapter order by event_date
            range between interval ({{ var('lifecycle')['prospect_window_days'] }} - 1) days preceding and current row
        ) as score
    from days
    semi join promising on days.n = promising.n and days.chapter = promising.chapter
),

reached as (
    select n, chapter, min(event_date) as valid_from, arg_min(event_id, event_date) as evidence
    from scored
    where score >= {{ var('lifecycle')['prospect_points'] }}
    group by n, chapter
),

ended as (
    select n, chapter, event_date, event_id from chaptered where counts_once_per = 'never'
)

select
    reached.n,
    'prospect' as stage,
    2 as stage_rank,
    reached.valid_from,
    ended.event_date as valid_to,
    reached.evidence,
    'disqualified' as end_cause,
    ended.event_id as end_evidence
from reached
left join ended on reached.n = ended.n and reached.chapter + 1 = ended.chapter
-- Hands raised and let down on one day were not up.
where coalesce(reached.valid_from < ended.event_date, true)
