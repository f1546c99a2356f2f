-- One row per stretch of days in which somebody without a purchase was engaged, cooling, dormant or expiring, by
-- the days since they last did something themselves. Who never did anything is dormant from the day they became
-- known. `is_plain`: nothing but purchases can overlay these, and what a purchase overlays is left out.
{{ config(materialized='ephemeral') }}
{% set settings = var('lifecycle') %}
{% set cooling, dormant, expiring = settings['engaged_days'] + 1, settings['cooling_days'] + 1, settings['dormant_days'] + 1 %}

with purchases as (
    select n, min(valid_from) as bought_on, bool_or(occasion_count = 0) as has_lost_all
    from {{ ref('int_purchase_states') }}
    group by n
),

-- Where stretches of several kinds may stand on one day.
layered as (
    select n from purchases where has_lost_all
    union
    select n from {{ ref('activity__subscriptions') }}
    union
    select n from {{ ref('activity__closed') }}
),

acts as (
    select events.n, events.event_date as day, min(events.event_id) as evidence
    from {{ ref('int_lifecycle__events') }} as events
    left join purchases on events.n = purchases.n
    where
        events.is_own_act
        and (coalesce(events.event_date < purchases.bought_on, true) or events.n in (select n from layered))
    group by events.n, events.event_date
),

sequenced as (
    select
        n,
        day,
        evidence,
        lag(day) over (partition by n order by day) as day_before,
        lead(day) over (partition by n order by day) as next_day
    from acts
),

known as (
    select leads.n, leads.valid_from as day, leads.evidence, firsts.day as next_day
    from {{ scope_of(ref('stage__lead')) }} as leads
    left join (select n, min(day) as day from acts group by n) as firsts on leads.n = firsts.n
    where coalesce(firsts.day > leads.valid_from, true)
),

stretches as (
    select n, 4 as rank, day as valid_from, least(next_day, day + {{ cooling }}) as valid_to, 'event' as cause, evidence
    from sequenced
    -- Engaged already, to this very day; only where layers are told apart does each stretch need an end of its own.
    where coalesce(day - day_before > {{ cooling }}, true) or n in (select n from layered)
    union all
    select n, 3, day + {{ cooling }}, least(next_day, day + {{ dormant }}), 'clock', evidence
    from sequenced
    where coalesce(next_day > day + {{ cooling }}, true)
    union all
    select n, 2, day + {{ dormant }}, least(next_day, day + {{ expiring }}), 'clock', evidence
    from sequenced
    where coalesce(next_day > day + {{ dormant }}, true)
    union all
    select n, 1, day + {{ expiring }}, next_day, 'clock', evidence
    from sequenced
    where coalesce(next_day > day + {{ expiring }}, true)
    union all
    select n, 2, day, least(next_day, day + {{ expiring }}), 'event', evidence
    from known
    union all
    select n, 1, day + {{ expiring }}, next_day, 'clock', evidence
    from known
    where coalesce(next_day > day + {{ expiring }}, true)
)

select
    stretches.*,
    null::varchar as end_cause,
    null::varchar as end_evidence,
    layered.n is null as is_plain
from stretches
left join layered on stretches.n = layered.n
left join purchases on stretches.n = purchases.n
where layered.n is not null or coalesce(stretches.valid_from < purchases.bought_on, true)
