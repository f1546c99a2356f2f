-- One row per time somebody opted out of mail or of calls in Salesforce, on the address or number they had then. It
-- says neither who said so nor how, and is taken for theirs. There is no opting in, and to be let in again is no yes.
{% set of_version = 'profile_id, via, version_number, recorded_at, ingested_at' %}

with points as (
    select
        {{ of_version }}, 'email' as channel, email as raw_value, is_out_of_mail as is_out,
        'opted out of mail in the CRM' as reason
    from {{ ref('stg_salesforce__consent_states') }}
    union all
    select
        {{ of_version }}, 'phone' as channel, phone as raw_value, is_out_of_calls as is_out,
        'not to be called, in the CRM' as reason
    from {{ ref('stg_salesforce__consent_states') }}
),

changes as (
    select
        *,
        -- A no that follows somebody to a new address is one for that, too.
        lag(is_out, 1, false) over (
            partition by profile_id, via, channel, raw_value order by version_number
        ) as was_out
    from points
    where raw_value is not null
)

select
    concat_ws(':', profile_id, channel, 'out', via, version_number) as consent_act_id,
    profile_id,
    'salesforce' as platform,
    raw_value,
    channel,
    'marketing' as purpose,
    'asserted_optout' as act,
    'source_state' as actor,
    'consent' as basis,
    recorded_at as occurred_at,
    case when version_number = 1 then 'first_seen' else 'second' end as occurred_at_precision,
    ingested_at,
    profile_id as evidence_record_id,
    reason
from changes
where is_out and not was_out
