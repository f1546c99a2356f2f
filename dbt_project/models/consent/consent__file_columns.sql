-- One row per yes in a permission column of a dropped list. A list asserts; only with the wording people
-- saw and the day they said yes is it proof. A no there is mostly an empty cell of a form: silence.
with said as (
    select *, unnest(['email', 'sms', 'phone', 'post']) as channel
    from {{ ref('stg_files__leads') }}
    where consent_email or consent_sms or consent_phone or consent_post
)

select
    profile_id || ':column:' || channel as consent_act_id,
    profile_id,
    'files' as platform,
    channel,
    'marketing' as purpose,
    case when consent_text is not null and consent_at is not null then 'grant' else 'asserted_grant' end as act,
    case when consent_text is not null and consent_at is not null then 'person' else 'source_state' end as actor,
    'consent' as basis,
    coalesce(consent_at, created_at, first_seen_at) as occurred_at,
    case when consent_at is null then 'first_seen' else 'second' end as occurred_at_precision,
    ingested_at,
    profile_id as evidence_record_id,
    'file:' || left(sha256(consent_text), 16) as wording_version,
    consent_text as wording_text,
    'a list says yes' as reason
from said
where case channel
    when 'email' then consent_email when 'sms' then consent_sms
    when 'phone' then consent_phone else consent_post
end
