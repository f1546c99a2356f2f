-- One row per address that left Yotpo's mails: a no to being written to, taken for the person's whoever entered it.
-- Since when is not told, so it is since we know.
select
    profile_id || ':left' as consent_act_id,
    profile_id,
    'yotpo' as platform,
    email as raw_value,
    'email' as channel,
    'marketing' as purpose,
    'asserted_optout' as act,
    'source_state' as actor,
    'consent' as basis,
    first_seen_at as occurred_at,
    'first_seen' as occurred_at_precision,
    known_since as ingested_at,
    profile_id as evidence_record_id,
    'left the mails sent by Yotpo' as reason
from {{ ref('stg_yotpo__unsubscribers') }}
where email is not null
