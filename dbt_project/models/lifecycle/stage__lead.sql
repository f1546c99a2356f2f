-- One row per subject: a lead from the day they first became known to anyone of us, for ever. No threshold:
-- whoever left a trace is somebody.
{{ config(materialized='kept', settled_by='lifecycle', keys=['n'], stale=['int_lifecycle__scope']) }}
-- depends_on: {{ ref('int_lifecycle__settled') }}

with known as (
    select
        n,
        count(*) as event_count,
        min(event_date) as known_on,
        arg_min(event_id, (event_date, event_id)) as evidence
    from {{ ref('int_lifecycle__events') }}
    group by n
    union all
    -- A record of somebody who did nothing yet: an account without an order, a line of a list.
    select
        n,
        0,
        greatest({{ local_day('coalesce(created_at, first_seen_at)') }}, since) as known_on,
        profile_id
    from {{ profiles_of(ref('int_lifecycle__scope')) }}
)

select
    n,
    'lead' as stage,
    1 as stage_rank,
    min(known_on) as valid_from,
    null::date as valid_to,
    arg_min(evidence, (known_on, evidence)) as evidence,
    null::varchar as end_cause,
    null::varchar as end_evidence,
    -- By which the next build sees whether anything of theirs has vanished.
    sum(event_count)::bigint as event_count
from known
group by n
