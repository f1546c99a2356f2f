-- One row per subject, run and purchase occasion in it, with what was known after that occasion: how many there
-- were, and the days between them. A run is a stretch of days in which no occasion was lost: what a refund takes
-- away was never there for the days that follow, so the occasions that are left are counted anew from that day.
-- Most people have one run. Orders of one local day are one occasion (a split basket).
--
-- `valid_from` to `valid_to` are the days in which this was the last occasion; a row without such days (is_state is
-- false) only tells of a gap that a later run knows. A run that begins with nothing left has a row without occasion.
{{ config(materialized='kept', settled_by='lifecycle', keys=['n'], stale=['int_lifecycle__touched']) }}
{% set orders, touched = ref('int_valid_orders'), ref('int_lifecycle__touched') %}

with subjects as (
    select * from {{ touched_subjects() }}
),

counted as (
    select n, order_id, valid_from, valid_to, end_cause
    from {{ orders }}
    {{ 'where n in ' ~ short_names(touched) if not is_full_lifecycle() }}
    union all
    -- An account's occasion is a day of its own, whichever of its people bought.
    select subjects.n, orders.order_id, orders.valid_from, orders.valid_to, orders.end_cause
    from subjects
    inner join {{ ref('int_account_members') }} as members on subjects.subject_id = members.account_id
    inner join {{ orders }} as orders
        on members.customer_id = orders.customer_id and orders.valid_from >= {{ local_day('members.since') }}
    where subjects.is_account
),

-- An occasion lasts as long as any order of its day does.
occasions as (
    select
        n,
        valid_from as occasion_date,
        case when count(*) = count(valid_to) then max(valid_to) end as lost_on,
        arg_max(end_cause, (valid_to, end_cause)) as lost_by,
        min(order_id) as evidence
    from counted
    group by n, valid_from
),

losses as (
    select n, lost_on, arg_min(lost_by, (lost_by, evidence)) as lost_cause, min((lost_by, evidence))[2] as lost_evidence
    from occasions
    where lost_on is not null
    group by n, lost_on
),

runs as (
    select n, null::date as run_from, min(lost_on) as run_to, null as lost_cause, null as lost_evidence
    from occasions
    group by n
    union all
    select n, lost_on, lead(lost_on) over (partition by n order by lost_on), lost_cause, lost_evidence
    from losses
),

filled as (
    select runs.*, occasions.occasion_date, occasions.evidence
    from runs
    inner join occasions on runs.n = occasions.n
    where
        coalesce(occasions.lost_on > runs.run_from, true)
        and coalesce(occasions.occasion_date < runs.run_to, true)
),

-- A run that begins with nothing left: with later occasions, or with none.
bare as (
    select runs.*, null::date as occasion_date, null::varchar as evidence
    from runs
    left join (
        select n, run_from, min(occasion_date) as occasion_date
        from filled
        where run_from is not null
        group by n, run_from
    ) as firsts
        on runs.n = firsts.n and runs.run_from = firsts.run_from
    where runs.run_from is not null and coalesce(firsts.occasion_date > runs.run_from, true)
),

with_beginnings as (
    select * from filled
    union all
    select * from bare
),

told as (
    select
        *,
        count(occasion_date) over occasions_so_far as occasion_count,
        first_value(occasion_date ignore nulls) over occasions_so_far as first_occasion_date,
        occasion_date - lag(occasion_date) over occasions_so_far as gap_days,
        lead(occasion_date) over occasions_so_far as next_occasion_date
    from with_beginnings
    window occasions_so_far as (partition by n, run_from order by occasion_date nulls first)
),

dated as (
    select
        * exclude (next_occasion_date),
        count(gap_days) over gaps as gap_count,
        coalesce(sum(ln(gap_days)) over gaps, 0) as log_gap_sum,
        coalesce(sum(ln(gap_days) * ln(gap_days)) over gaps, 0) as log_gap_square_sum,
        greatest(occasion_date, run_from) as valid_from,
        least(next_occasion_date, run_to) as valid_to
    from told
    window gaps as (partition by n, run_from order by occasion_date nulls first)
)

select
    n,
    run_from,
    run_to,
    occasion_date,
    first_occasion_date,
    occasion_count::integer as occasion_count,
    gap_days::integer as gap_days,
    gap_count::integer as gap_count,
    log_gap_sum,
    log_gap_square_sum,
    valid_from,
    valid_to,
    coalesce(valid_from < valid_to, true) as is_state,
    evidence as occasion_evidence,
    case when occasion_date >= coalesce(run_from, occasion_date) then 'event' else lost_cause end as cause,
    case when occasion_date >= coalesce(run_from, occasion_date) then evidence else lost_evidence end as evidence,
    -- What this day took, even where it gave something too.
    case when valid_from = run_from then lost_cause end as lost_cause,
    case when valid_from = run_from then lost_evidence end as lost_evidence
from dated
