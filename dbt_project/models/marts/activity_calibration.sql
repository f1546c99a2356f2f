-- One row per kind of buyer and way of counting: how often calling somebody at risk or lapsed was wrong on this
-- company's own customers, and how many days it took to call those lapsed who never came back. Each purchase old
-- enough is judged by what was known on its day: who came back afterwards is the truth.
--
-- Only purchases whose month had a rhythm to learn from: there the two ways differ.
{{ config(materialized='view') }}
{% set at_risk_days, lapsed_days, lost_days = var('lifecycle')['activity_days'] %}

with customers as (
    select distinct n from {{ ref('int_valid_orders') }}
),

purchases as (
    select
        rhythms.n,
        rhythms.last_occasion_date,
        rhythms.occasion_count,
        rhythms.usual_days,
        rhythms.at_risk_days,
        rhythms.lapsed_days,
        lead(rhythms.last_occasion_date) over (
            partition by rhythms.n order by rhythms.last_occasion_date, rhythms.valid_from
        ) - rhythms.last_occasion_date as gap_days
    from {{ ref('int_rhythms') }} as rhythms
    inner join customers on rhythms.n = customers.n
    where
        rhythms.is_adaptive
        and rhythms.cause = 'event'
        and rhythms.last_occasion_date <= {{ as_of('lifecycle') }}
),

judged as (
    select
        *,
        case
            when occasion_count < 3 then 'one or two purchases'
            when usual_days < 20 then 'fast'
            when usual_days > 90 then 'slow'
            else 'between'
        end as buyers
    from purchases
    -- A year to come back in.
    where last_occasion_date <= {{ as_of('lifecycle') }} - 365 and coalesce(gap_days > 0, true)
),

both_ways as (
    select 'adaptive' as counted, buyers, last_occasion_date, gap_days, at_risk_days, lapsed_days from judged
    union all
    select 'fixed', buyers, last_occasion_date, gap_days, {{ at_risk_days }}, {{ lapsed_days }} from judged
),

grouped as (
    select * from both_ways
    union all
    select * replace ('all' as buyers) from both_ways
)

select
    buyers,
    counted,
    count(gap_days)::integer as came_back_count,
    round(100.0 * count(*) filter (where gap_days >= at_risk_days) / nullif(count(gap_days), 0), 1)::decimal(5, 1)
        as wrongly_at_risk_pct,
    round(100.0 * count(*) filter (where gap_days >= lapsed_days) / nullif(count(gap_days), 0), 1)::decimal(5, 1)
        as wrongly_lapsed_pct,
    round(
        100.0 * count(*) filter (
            where gap_days between lapsed_days and lapsed_days + 364
            and last_occasion_date + lapsed_days + 365 <= {{ as_of('lifecycle') }}
        ) / nullif(count(*) filter (
            where coalesce(gap_days >= lapsed_days, true)
            and last_occasion_date + lapsed_days + 365 <= {{ as_of('lifecycle') }}
        ), 0),
        1
    )::decimal(5, 1) as lapsed_who_bought_within_a_year_pct,
    count(*) filter (where gap_days is null)::integer as gone_count,
    median(lapsed_days) filter (where gap_days is null)::integer as days_to_call_the_gone_lapsed
from grouped
group by buyers, counted
