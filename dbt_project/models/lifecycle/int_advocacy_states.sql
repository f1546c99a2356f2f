-- One row per subject who ever spoke of us and stretch of days in which nothing about that changed: points, hard
-- acts, and whether a bad word came after the last hard act.
{{ config(materialized='kept', settled_by='lifecycle', keys=['n'], stale=['int_lifecycle__scope']) }}

with acts as (
    select * exclude (customer_id) from {{ scope_of(ref('int_advocacy_acts')) }}
    union all
    -- An account is recommended by its people, while they are its people.
    select scope.n, of_members.* exclude (customer_id, n)
    from {{ ref('int_lifecycle__scope') }} as scope
    inner join {{ ref('int_account_members') }} as members on scope.subject_id = members.account_id
    inner join {{ ref('int_advocacy_acts') }} as of_members
        on {{ digest('members.customer_id') }} = of_members.n and of_members.valid_from >= {{ local_day('members.since') }}
    where scope.is_account
),

purchases as (
    select * from {{ ref('int_purchase_states') }} where n in (select n from acts)
),

changes as (
    select n, valid_from, 'event' as cause, event_id as evidence, null as lost_cause, null as lost_evidence
    from acts
    union all
    select n, valid_to, end_cause, event_id, end_cause, event_id from acts where valid_to is not null
    union all
    select n, valid_from, cause, evidence, lost_cause, lost_evidence from purchases
),

-- Of several changes on a day, gained evidence is named before lost evidence.
days as (
    select
        n,
        valid_from,
        arg_min(cause, (cause <> 'event', evidence)) as cause,
        min((cause <> 'event', evidence))[2] as evidence,
        min((lost_cause, lost_evidence)) filter (where lost_cause is not null) as lost
    from changes
    group by n, valid_from
),

-- Who spoke of us before anything else of theirs that counts, and those whose every purchase is gone.
stretches as (
    select
        * exclude (lost),
        lost[1] as lost_cause,
        lost[2] as lost_evidence,
        lead(valid_from) over (partition by n order by valid_from) as valid_to
    from days
),

-- Acts as they stand on the first day of each stretch; one taken back does not fill the year's measure.
standing as (
    select
        stretches.n,
        stretches.valid_from,
        acts.act,
        acts.valid_from as act_date,
        acts.event_id,
        acts.points,
        acts.is_hard,
        acts.is_against,
        acts.most_a_year,
        coalesce(acts.valid_to > stretches.valid_from, true) as counts
    from stretches
    inner join acts
        on
            stretches.n = acts.n
            and acts.valid_from <= stretches.valid_from
            and coalesce(acts.reversed_on > stretches.valid_from, true)
),

-- The first of a year count, later ones only once those are a year old.
measured as (
    select
        n,
        valid_from,
        unnest(list_reduce(
            list(
                [struct_pack(act_date, event_id, points, is_hard, counts, most_a_year)] order by act_date, event_id
            ),
            lambda kept, one: case
                when len(list_filter(kept, lambda earlier: earlier.act_date > one[1].act_date - 365))
                    < one[1].most_a_year then kept || one
                else kept
            end
        )) as one
    from standing
    where most_a_year is not null
    group by n, valid_from, act
),

counted as (
    select n, valid_from, sum(points) as points, count(*) filter (where is_hard) as hard_act_count
    from (
        select n, valid_from, points, is_hard from standing where most_a_year is null and counts
        union all
        select n, valid_from, one.points, one.is_hard from measured where one.counts
    ) as counting
    group by n, valid_from
),

words as (
    select
        n,
        valid_from,
        max(act_date) filter (where is_hard) as last_hard_act_on,
        max(act_date) filter (where is_against) as last_bad_word_on
    from standing
    group by n, valid_from
),

spoken as (
    select
        stretches.*,
        coalesce(counted.points, 0) as points,
        coalesce(counted.hard_act_count, 0) as hard_act_count,
        words.last_hard_act_on,
        words.last_bad_word_on
    from stretches
    left join counted on stretches.n = counted.n and stretches.valid_from = counted.valid_from
    left join words on stretches.n = words.n and stretches.valid_from = words.valid_from
)

select
    spoken.*,
    coalesce(spoken.last_bad_word_on > spoken.last_hard_act_on, false) as is_suspended,
    coalesce(purchases.occasion_count, 0) as occasion_count
from spoken
left join purchases
    on
        spoken.n = purchases.n
        and spoken.valid_from >= purchases.valid_from
        and coalesce(spoken.valid_from < purchases.valid_to, true)
