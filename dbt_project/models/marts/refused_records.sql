-- One row per record that the door refused and that nobody landed since: what the platform told, why it was
-- refused, and what was decided. Whoever was erased is gone from the door's own table before this is built.
select
    quarantine_id,
    status,
    platform,
    stream,
    via,
    account,
    key as record_key,
    op,
    nullif(form, '') as form_id,
    reasons,
    arrived_at,
    occurred_at,
    decided_at,
    decided_by,
    decided_why,
    -- Let go: nobody has to look into it any more.
    case when status = 'held' then payload end as payload
from {{ source('door', 'quarantine') }}
where status in ('held', 'dismissed')
