-- One row per act that staff entered for somebody: a no heard in the shop or on the phone, a yes with its proof, a
-- notice given, a contract that runs. A view: what the door has written counts at once, in the next export.
{{ config(materialized='view') }}

select
    'staff:' || entry_id as consent_act_id,
    'staff' as platform,
    contact_type,
    contact_value,
    channel,
    purpose,
    act,
    'staff' as actor,
    basis,
    occurred_at,
    occurred_at_precision,
    ingested_at,
    entry_id as evidence_record_id,
    wording_version,
    wording_text,
    locale,
    proof_ref,
    expires_on,
    evidence,
    made_by as staff_user,
    coalesce(reason, 'entered by staff') as reason
from {{ source('door', 'consent_entries') }}
