-- One row per subject who died or whose company closed: for good, whatever else is known.
{{ config(materialized='ephemeral') }}

select
    n,
    case event_type when 'closed' then 14 else 13 end as rank,
    min(event_date) as valid_from,
    null::date as valid_to,
    'event' as cause,
    arg_min(event_id, (event_date, event_id)) as evidence,
    null::varchar as end_cause,
    null::varchar as end_evidence
from {{ ref('int_lifecycle__events') }}
where event_type in ('deceased', 'closed')
group by n, event_type
