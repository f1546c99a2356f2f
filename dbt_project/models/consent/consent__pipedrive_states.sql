-- One row per change of a person's marketing status. It says how they stand, and neither who said so nor when or how:
-- a yes is the tool's word only, a no is taken for theirs. `archived` and `bounced` are about mails that do not arrive
-- and places in a plan; `no_consent` that nobody asked.
with changes as (
    select
        *,
        -- A no that follows somebody to a new address is one for that, too.
        lag(status, 1, '') over (partition by profile_id, via, email order by version_number) as former_status
    from {{ ref('stg_pipedrive__consent_states') }}
    where email is not null
),

acts as (
    select
        *,
        case status when 'subscribed' then 'asserted_grant' else 'asserted_optout' end as act
    from changes
    where status in ('subscribed', 'unsubscribed') and status <> former_status
)

select
    concat_ws(':', profile_id, act, via, version_number) as consent_act_id,
    profile_id,
    'pipedrive' as platform,
    email as raw_value,
    'email' as channel,
    'marketing' as purpose,
    act,
    'source_state' as actor,
    'consent' as basis,
    recorded_at as occurred_at,
    case when version_number = 1 then 'first_seen' else 'second' end as occurred_at_precision,
    ingested_at,
    profile_id as evidence_record_id,
    case act when 'asserted_grant' then 'subscribed in the CRM' else 'unsubscribed in the CRM' end as reason
from acts
