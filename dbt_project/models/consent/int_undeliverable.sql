-- One row per contact point nothing arrives at on the given day: the last that was heard of it is a hard bounce, or
-- that it is no address. A soft bounce decides nothing: mailboxes are full for a while.
select
    contact_type,
    contact_value,
    arg_max(kind, (occurred_at, kind)) as reason
from {{ ref('int_deliverability_events') }}
where kind <> 'soft_bounce' and {{ has_come('occurred_at', as_of('permission')) }}
group by contact_type, contact_value
having arg_max(kind, (occurred_at, kind)) <> 'recovered'
