-- One row per event of a subject whose histories are computed in this build, on the company's own calendar. What
-- the rules do not read is left behind.

select
    subjects.n,
    {{ local_day('events.occurred_at') }} as event_date,
    events.occurred_at,
    events.event_id,
    events.event_type,
    {{ is_own_act('events.event_type') }} as is_own_act,
    case when events.event_type not in ('order_paid', 'site_visit') then events.details end as details
from {{ ref('events') }} as events
inner join {{ profiles_of(ref('int_lifecycle__scope')) }} as subjects
    on
        events.profile_id = subjects.profile_id
        and coalesce({{ local_day('events.occurred_at') }} >= subjects.since, true)
