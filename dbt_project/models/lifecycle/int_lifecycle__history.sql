-- One row per subject, axis and stretch of days with one value: the four histories. They know no day: what the
-- clock will change is written down already, and whoever asks as of a day cuts there (macros/lifecycle/as_of_day).
-- So a build computes only those for whom something happened, and moving the day costs nothing.
{{ config(
    materialized='kept', settled_by='lifecycle', keys=['n'], stale=['int_lifecycle__scope'],
    hands_on=true,
    pre_hook="{{ set_told_aside() }}"
) }}
{% set axes = ['stage', 'commercial_stage', 'activity', 'advocacy'] %}
{% set stages = [
    ('lead', 1), ('prospect', 2), ('first_time_customer', 3), ('repeat_customer', 4), ('loyal_customer', 5),
    ('ambassador', 6)
] %}
{% set activities = [
    ('expiring', 1), ('dormant', 2), ('cooling', 3), ('engaged', 4), ('lost', 1), ('lapsed', 2), ('at_risk', 3),
    ('active', 4), ('lost', 1), ('lapsed', 2), ('at_risk', 3), ('active', 4), ('deceased', 0), ('closed', 0)
] %}
{% set words = [('detractor', 0), ('none', 1), ('supporter', 2), ('advocate', 3)] %}
{% set values = [stages, stages, activities, words] %}
{# A byte each, for there are many rows and every build looks through them. #}
{% set word = "enum('" ~ (values | sum(start=[]) | map(attribute=0) | unique | join("', '")) ~ "')" %}

with interest as materialized (
    select * from {{ ref('activity__interest') }}
),

purchases as materialized (
    select * from {{ ref('activity__purchases') }}
),

layers as materialized (
    select * exclude (is_plain) from interest where not is_plain
    union all by name
    select * from {{ ref('activity__subscriptions') }}
    union all by name
    select * from {{ ref('activity__closed') }}
),

layered as materialized (
    select * from layers
    union all by name
    select * from purchases where n in (select n from layers)
),

-- One's own rhythm says active again with every purchase: that changes nothing.
purchased as (
    select n, valid_from as day, rank, cause, evidence
    from purchases
    where n not in (select n from layers)
    union all
    select n, day, rank, why.cause, why.evidence from {{ highest('layered') }} as changed
),

active as (
    select n, valid_from as day, rank, cause, evidence from interest where is_plain
    union all
    select n, day, rank, cause, evidence
    from purchased
    qualify {{ activities | map(attribute=0) | list }}[rank] is distinct from lag(
        {{ activities | map(attribute=0) | list }}[rank]
    ) over (partition by n order by day)
),

spoken as (
    select
        n,
        valid_from as day,
        case
            when coalesce(last_bad_word_on > coalesce(last_hard_act_on, date '-infinity'), false) then 1
            when points >= {{ var('lifecycle')['ambassador_points'] }} and hard_act_count > 0 then 4
            when points > 0 then 3
            else 2
        end as rank,
        cause,
        evidence,
        lost_cause,
        lost_evidence
    from {{ scope_of(ref('int_advocacy_states')) }}
),

-- From the first word on: silence before it is no history.
heard as (
    select *, lag(rank) over (partition by n order by day) as rank_before
    from spoken
    qualify day >= min(day) filter (where rank <> 2) over (partition by n)
),

-- Numbers for words until all is in order: it is many rows.
changes as (
    select n, list_position({{ axes }}, axis)::utinyint as axis, day, value_rank::utinyint as rank, cause, evidence
    from {{ ref('int_customers__staged') }}
    union all
    select n, 3, day, rank, cause, evidence from active
    union all
    select
        n, 4, day, rank,
        case when rank < rank_before and lost_cause is not null then lost_cause else cause end,
        case when rank < rank_before and lost_cause is not null then lost_evidence else evidence end
    from heard
    where rank is distinct from rank_before
),

told as (
    select
        *,
        lead(day) over history as next_day,
        lag(day) over history as day_before,
        lag(rank) over history as rank_before
    from changes
    window history as (partition by n, axis order by day)
),

named as (
    select
        *,
        case axis
            {% for value in values -%}
            when {{ loop.index }} then cast({{ value | map(attribute=0) | list }} as {{ word }}[])[rank]
            {% endfor -%}
        end as value,
        case axis
            {% for value in values -%}
            when {{ loop.index }} then cast({{ value | map(attribute=1) | list }} as utinyint[])[rank]
            {% endfor -%}
        end as value_rank,
        case axis
            {% for value in values -%}
            when {{ loop.index }} then cast({{ value | map(attribute=0) | list }} as {{ word }}[])[rank_before]
            {% endfor -%}
        end as previous_value
    from told
)

select
    subjects.subject_id,
    named.n,
    subjects.is_account,
    cast({{ axes }} as enum('{{ axes | join("', '") }}')[])[named.axis] as axis,
    named.value,
    named.value_rank,
    named.day as valid_from,
    named.next_day as valid_to,
    named.previous_value,
    (named.day - named.day_before)::integer as days_in_previous,
    named.cause,
    named.evidence,
    -- Taken back and not merely worn off: points that expire reverse nothing.
    coalesce(named.rank < named.rank_before, false)
    and named.cause in ('refund', 'cancellation', 'disqualified') as is_reversal
from named
inner join {{ ref('int_lifecycle__scope') }} as subjects on named.n = subjects.n
