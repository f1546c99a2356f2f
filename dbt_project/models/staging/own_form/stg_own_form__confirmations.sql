-- One row per response that was confirmed from the mail it led to, at the first click: later ones say nothing new.
{{ config(materialized='view') }}

select
    'own_form:' || _account || ':response:' || _key as profile_id,
    _occurred_at as confirmed_at,
    _known_since as ingested_at,
    try_cast(payload ->> '$.sent_at' as timestamptz) as sent_at
from {{ latest(source('raw_own_form', 'confirmations')) }}
