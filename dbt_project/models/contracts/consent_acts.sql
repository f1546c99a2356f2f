-- One row per act about permission, on a contact point and never on a person: who said what when, by which
-- channel, for which purpose, with which wording. Append-only in meaning: a later act never removes one.
{{ config(materialized='view') }}

select
    *, null::varchar as proof_ref, null::date as expires_on, null::varchar as staff_user
from {{ ref('int_platform_acts') }}
union all by name
select
    *,
    null::varchar as profile_id,
    false as needs_confirmation,
    null::varchar as collection_point,
    {{ mailbox('contact_type', 'contact_value') }} as match_value,
    {{ point_key('contact_type', 'contact_value') }} as point_key,
    {{ point_key('contact_type', mailbox('contact_type', 'contact_value')) }} as mailbox_key
from {{ ref('consent__staff_entries') }}
