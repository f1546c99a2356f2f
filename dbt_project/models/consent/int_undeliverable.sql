-- One row per contact point nothing arrives at. Not a withdrawal: the permission stays what it is.
select distinct
    identifiers.identifier_type as contact_type,
    identifiers.contact_value,
    'hard bounce' as reason
from {{ ref('events') }} as events
inner join {{ ref('identifiers') }} as identifiers
    on events.profile_id = identifiers.profile_id and identifiers.identifier_type = 'email'
where events.event_type = 'hard_bounced' and {{ local_day('events.occurred_at') }} <= {{ as_of('permission') }}
