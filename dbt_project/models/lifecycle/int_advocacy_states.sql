-- One row per customer who ever spoke of us and stretch of days in which nothing about that changed:
-- points, hard acts, and whether a bad word came after the last hard act.
with changes as (
    select customer_id, valid_from, 'event' as cause, event_id as evidence from {{ ref('int_advocacy_acts') }}
    union all
    select customer_id, valid_to, end_cause, event_id from {{ ref('int_advocacy_acts') }}
    where valid_to <= {{ as_of('lifecycle') }}
    union all
    select customer_id, valid_from, cause, evidence from {{ ref('int_purchase_states') }}
    where customer_id in (select customer_id from {{ ref('int_advocacy_acts') }})
),

-- One change a day: gained evidence is named before lost evidence.
days as (
    select *
    from changes
    qualify row_number() over (partition by customer_id, valid_from order by cause = 'event' desc, evidence) = 1
),

stretches as (
    select *, lead(valid_from) over (partition by customer_id order by valid_from) as valid_to
    from days
),

spoken as (
    select
        stretches.customer_id,
        stretches.valid_from,
        stretches.valid_to,
        stretches.cause,
        stretches.evidence,
        coalesce(sum(acts.points) filter (where acts.valid_to > stretches.valid_from), 0) as points,
        count(*) filter (where acts.is_hard and acts.valid_to > stretches.valid_from) as hard_act_count,
        max(acts.valid_from) filter (where acts.is_hard) as last_hard_act_on,
        max(acts.valid_from) filter (where acts.is_against) as last_bad_word_on
    from stretches
    left join {{ ref('int_advocacy_acts') }} as acts
        on stretches.customer_id = acts.customer_id and acts.valid_from <= stretches.valid_from
    group by all
)

select
    spoken.*,
    coalesce(spoken.last_bad_word_on > spoken.last_hard_act_on, false) as is_suspended,
    coalesce(purchases.occasion_count, 0) as occasion_count
from spoken
left join {{ ref('int_purchase_states') }} as purchases
    on
        spoken.customer_id = purchases.customer_id
        and spoken.valid_from >= purchases.valid_from
        and coalesce(spoken.valid_from < purchases.valid_to, true)
