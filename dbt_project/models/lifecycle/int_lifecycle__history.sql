-- One row per subject, axis and stretch of days with one value: the four histories. They know no day: what the
-- clock will change is written down already, and whoever asks as of a day cuts there (macros/lifecycle/as_of_day).
-- So a build computes only those for whom something happened, and moving the day costs nothing.
{{ config(materialized='kept', settled_by='lifecycle', keys=['n'], stale=['int_lifecycle__scope']) }}
{% set activities = [
    ('expiring', 1), ('dormant', 2), ('cooling', 3), ('engaged', 4), ('lost', 1), ('lapsed', 2), ('at_risk', 3),
    ('active', 4), ('lost', 1), ('lapsed', 2), ('at_risk', 3), ('active', 4), ('deceased', 0), ('closed', 0)
] %}

with layers as materialized (
    select * exclude (is_plain) from {{ ref('activity__interest') }} where not is_plain
    union all by name
    select * from {{ ref('activity__subscriptions') }}
    union all by name
    select * from {{ ref('activity__closed') }}
),

layered as materialized (
    select * from layers
    union all by name
    select purchases.*
    from {{ ref('activity__purchases') }} as purchases
    where purchases.n in (select n from layers)
),

active as (
    select n, valid_from as day, rank, cause, evidence from {{ ref('activity__interest') }} where is_plain
    union all
    select n, valid_from, rank, cause, evidence
    from {{ ref('activity__purchases') }}
    where n not in (select n from layers)
    union all
    select n, day, rank, why.cause, why.evidence from {{ highest('layered') }} as changed
),

advocacy as (
    select
        n,
        valid_from as day,
        case
            when coalesce(last_bad_word_on > coalesce(last_hard_act_on, date '-infinity'), false) then 'detractor'
            when points >= {{ var('lifecycle')['ambassador_points'] }} and hard_act_count > 0 then 'advocate'
            when points > 0 then 'supporter'
            else 'none'
        end as value,
        cause,
        evidence,
        lost_cause,
        lost_evidence
    from {{ scope_of(ref('int_advocacy_states')) }}
),

advocacy_ranked as (
    select
        *,
        list_position(['detractor', 'none', 'supporter', 'advocate'], value) - 1 as value_rank,
        min(day) filter (where value <> 'none') over (partition by n) as spoke_on
    from advocacy
),

changes as (
    select n, axis, day, value, value_rank, cause, evidence from {{ ref('int_customers__staged') }}
    union all
    select
        n, 'activity', day, {{ activities | map(attribute=0) | list }}[rank],
        {{ activities | map(attribute=1) | list }}[rank], cause, evidence
    from active
    union all
    -- From the first word on: silence before it is no history.
    select
        n, 'advocacy', day, value, value_rank,
        case when value_rank < lag(value_rank) over told and lost_cause is not null then lost_cause else cause end,
        case when value_rank < lag(value_rank) over told and lost_cause is not null then lost_evidence else evidence end
    from advocacy_ranked
    where day >= spoke_on
    window told as (partition by n order by day)
),

changed as (
    select *
    from changes
    qualify value is distinct from lag(value) over (partition by n, axis order by day)
)

select
    subjects.subject_id,
    changed.n,
    subjects.is_account,
    changed.axis,
    changed.value,
    changed.value_rank,
    changed.day as valid_from,
    lead(changed.day) over history as valid_to,
    lag(changed.value) over history as previous_value,
    (changed.day - lag(changed.day) over history)::integer as days_in_previous,
    changed.cause,
    changed.evidence,
    -- Taken back and not merely worn off: points that expire reverse nothing.
    coalesce(changed.value_rank < lag(changed.value_rank) over history, false)
    and changed.cause in ('refund', 'cancellation', 'disqualified') as is_reversal
from changed
inner join {{ ref('int_lifecycle__scope') }} as subjects on changed.n = subjects.n
window history as (partition by changed.n, changed.axis order by changed.day)
