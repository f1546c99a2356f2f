-- One row per stage: how long people stay in it before they leave it, up or down. Stays that still last are no
-- short stays: Kaplan and Meier's estimate counts each of them as there until the given day, and no longer. A mean
-- of the ended ones alone would be too short.
{{ config(materialized='view') }}

with stays as (
    select
        stage,
        value_rank,
        coalesce(valid_to, {{ as_of('lifecycle') }}) - valid_from as days,
        valid_to is not null as has_ended
    from {{ stage_history('commercial_stage') }}
    union all
    select
        stage,
        value_rank,
        coalesce(valid_to, {{ as_of('lifecycle') }}) - valid_from,
        valid_to is not null
    from {{ stage_history('stage') }}
    where stage = 'ambassador'
),

lengths as (
    select
        stage,
        value_rank,
        days,
        count(*) filter (where has_ended) as ended_count,
        -- Who stayed at least so long was there to leave.
        sum(count(*)) over (partition by stage order by days desc) as there_count
    from stays
    group by stage, value_rank, days
),

surviving as (
    select
        *,
        product(1 - ended_count / there_count) over (partition by stage order by days) as share_left
    from lengths
),

-- A hair's breadth, for shares are floating point: 2/3 of 3/4 is a half.
quantiles as (
    select
        stage,
        min(days) filter (where share_left <= 0.75 + 1e-9) as quarter_left_after_days,
        min(days) filter (where share_left <= 0.5 + 1e-9) as median_days,
        min(days) filter (where share_left <= 0.25 + 1e-9) as three_quarters_left_after_days
    from surviving
    group by stage
),

counts as (
    select
        stage,
        value_rank,
        count(*) as stay_count,
        count(*) filter (where has_ended) as ended_count
    from stays
    group by stage, value_rank
)

select
    counts.value_rank as stage_number,
    counts.stage,
    counts.stay_count,
    counts.ended_count,
    case
        when counts.stay_count < 30 then 'too_few' when quantiles.median_days is null then 'not_reached'
        else 'reached'
    end as status,
    case when counts.stay_count >= 30 then quantiles.quarter_left_after_days end as quarter_left_after_days,
    case when counts.stay_count >= 30 then quantiles.median_days end as median_days,
    case when counts.stay_count >= 30 then quantiles.three_quarters_left_after_days end
        as three_quarters_left_after_days
from counts
left join quantiles on counts.stage = quantiles.stage
