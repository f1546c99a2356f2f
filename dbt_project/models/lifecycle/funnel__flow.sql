-- One row per month and stage: how many stand in it at the month's end, who came in that month and who left, by
-- the way up and by the way back (a refund, points that expired). The stock of a month is that of the month before,
-- plus those who came, less those who left.
{{ config(materialized='view') }}

with stays as (
    select * from {{ stage_history('stage') }}
),

moves as (
    select
        stage,
        value_rank,
        valid_from as day,
        case when coalesce(rank_before > value_rank, false) then 'in_back' else 'in_up' end as way
    from stays
    union all
    select stage, value_rank, valid_to, case when rank_after > value_rank then 'out_up' else 'out_back' end
    from stays
    where valid_to is not null
),

months as (
    select unnest(generate_series(
        (select date_trunc('month', min(day)) from moves), {{ as_of('lifecycle') }}::timestamp, interval 1 month
    ))::date as month
),

stages as (
    select distinct stage, value_rank from moves
),

counted as (
    select
        months.month,
        stages.stage,
        stages.value_rank,
        count(*) filter (where moves.way = 'in_up') as came_count,
        count(*) filter (where moves.way = 'in_back') as came_back_count,
        count(*) filter (where moves.way = 'out_up') as moved_up_count,
        count(*) filter (where moves.way = 'out_back') as reversed_count
    from months
    cross join stages
    left join moves on stages.stage = moves.stage and months.month = date_trunc('month', moves.day)
    group by months.month, stages.stage, stages.value_rank
)

select
    month,
    value_rank as stage_number,
    stage,
    came_count,
    came_back_count,
    moved_up_count,
    reversed_count,
    sum(came_count + came_back_count - moved_up_count - reversed_count) over (
        partition by stage order by month
    ) as stock_count
from counted
