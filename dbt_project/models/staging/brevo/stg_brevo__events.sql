-- One row per custom event a site or tool reported to Brevo about a contact.
select
    'brevo:' || _account || ':event:' || _key as event_id,
    'brevo:' || _account || ':contact:' || (payload ->> '$.contact_id') as profile_id,
    lower(trim(payload ->> '$.event_name')) as event_name,
    payload -> '$.event_properties' as properties,
    _occurred_at as occurred_at,
    _touched_at as touched_at,
    _known_since as known_since,
    _ingested_at as ingested_at
from {{ latest(source('raw_brevo', 'events')) }}
