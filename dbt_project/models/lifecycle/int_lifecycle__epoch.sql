-- One row, written last: the histories are settled up to here. A build that finds none computes everything anew.
-- depends_on: {{ ref('int_lifecycle__told') }}
with learned as (
    select greatest(
        (select max(touched_at) from {{ ref('events') }}), (select max(touched_at) from {{ ref('profiles') }})
    ) as settled_at
)

select
    '{{ lifecycle_version() }}' as version,
    learned.settled_at,
    {{ as_of('lifecycle') }} as as_of_then,
    (select count(*) from {{ ref('events') }}) as events_then,
    (select count(*) from {{ ref('events') }} where touched_at = learned.settled_at) as touched_then,
    (select max(ingested_at) from {{ ref('events') }}) as known_through,
    (select coalesce(max(entry), 0) from {{ source('door', 'identity_log') }}) as last_entry
from learned
