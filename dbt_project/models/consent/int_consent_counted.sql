-- One row per act that counts on the given day and contact point it bears on: a yes holds for the very address it
-- was given on, a no for every spelling of the mailbox.
--
-- Which act decided is found later by the greatest text of moment and id: arg_max over several columns takes ten
-- times as long. A moment in microseconds has 18 digits here, so that texts sort as moments do.
with acts as (
    select
        *,
        act in ('deny', 'withdraw', 'object', 'complaint', 'asserted_optout') as is_no,
        -- What staff enter with a proof counts as the person's own.
        act in ('grant', 'confirm', 'reinstate_by_staff')
        and (actor = 'person' or (actor = 'staff' and proof_ref is not null)) as is_yes
    from {{ ref('consent_acts') }}
    -- A no counts as soon as it happened or is known, a yes from when it happened.
    where {{ has_come("case when act in ('deny', 'withdraw', 'object', 'complaint', 'asserted_optout')
        then least(occurred_at, ingested_at) else occurred_at end", as_of('permission')) }}
),

timed as (
    select
        *,
        -- Where only the day is known, a no is its last moment and a yes its first: ties go to no.
        case
            when occurred_at_precision <> 'day' then occurred_at
            when is_no then {{ end_of_local_day('occurred_at') }}
            else {{ start_of_local_day('occurred_at') }}
        end as weighed_at
    from acts
)

select
    case when timed.is_no then points.point_key else timed.point_key end as point_key,
    timed.channel,
    timed.purpose,
    timed.act,
    timed.basis,
    timed.is_no,
    timed.is_yes,
    timed.is_yes and coalesce(timed.expires_on > {{ as_of('permission') }}, true) as is_yes_in_force,
    timed.needs_confirmation,
    timed.occurred_at,
    timed.weighed_at,
    (epoch_us(timed.weighed_at) + 100000000000000000)::varchar as moment_key,
    timed.expires_on,
    timed.evidence,
    timed.consent_act_id
from timed
-- In one pass: a yes needs no look at the points.
left join {{ ref('int_consent_points') }} as points
    on case when timed.is_no then timed.mailbox_key end = points.mailbox_key
