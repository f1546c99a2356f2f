-- One row, written last: the histories are settled up to here. A build that finds none computes everything anew.
-- depends_on: {{ ref('int_lifecycle__told') }}
with happened as (
    select count(*) as events_then, max(touched_at) as touched_at
    from {{ ref('events') }}
),

learned as (
    select *, greatest(touched_at, (select max(touched_at) from {{ ref('profiles') }})) as settled_at from happened
)

select
    '{{ lifecycle_version() }}' as version,
    settled_at,
    {{ as_of('lifecycle') }} as as_of_then,
    events_then,
    -- Of one moment, and not correlated with a row: then DuckDB passes by what its own statistics rule out.
    (select count(*) from {{ ref('events') }} where touched_at = (select settled_at from learned)) as touched_then,
    touched_at as known_through,
    (select coalesce(max(entry), 0) from {{ source('door', 'identity_log') }}) as last_entry,
    true as is_settled
from learned
