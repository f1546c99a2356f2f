-- One row per change of a permission column of a dropped list, and channel. A list asserts; only with the wording
-- people saw and the day they said yes is it proof. An empty or negative box is silence: mostly nobody was asked. A
-- column that says who unsubscribed is a no, by every channel, for it names none; that a later list leaves it out
-- is no yes.
with asked as (
    select *, unnest(['email', 'sms', 'phone', 'post']) as channel from {{ ref('stg_files__consent_columns') }}
),

said as (
    select
        *,
        case channel
            when 'email' then takes_email when 'sms' then takes_sms
            when 'phone' then takes_calls else takes_post
        end as is_yes
    from asked
),

changed as (
    select
        *,
        is_yes and not is_unsubscribed
        and not coalesce((is_yes, consent_text, consent_at) = lag((is_yes, consent_text, consent_at)) over line, false)
            as begins_yes,
        is_unsubscribed and not lag(is_unsubscribed, 1, false) over line as begins_no,
        consent_text is not null and consent_at is not null as is_proven
    from said
    window line as (partition by profile_id, via, channel, email order by version_number)
),

acts as (
    select
        *,
        case when is_proven then 'grant' else 'asserted_grant' end as act,
        coalesce(consent_at, created_at, recorded_at) as occurred_at,
        case when consent_at is null then 'first_seen' else 'second' end as occurred_at_precision,
        'a list says yes' as reason
    from changed where begins_yes
    union all by name
    select
        * exclude (consent_text),
        'asserted_optout' as act,
        recorded_at as occurred_at,
        'first_seen' as occurred_at_precision,
        'a list says unsubscribed' as reason
    from changed where begins_no
)

select
    concat_ws(':', profile_id, 'column', channel, act, via, version_number) as consent_act_id,
    profile_id,
    'files' as platform,
    -- A number is read by the rules for what people type; those of its profile are.
    case when channel = 'email' then email end as raw_value,
    channel,
    'marketing' as purpose,
    act,
    case when act = 'grant' then 'person' else 'source_state' end as actor,
    'consent' as basis,
    occurred_at,
    occurred_at_precision,
    ingested_at,
    profile_id as evidence_record_id,
    'file:' || left(sha256(consent_text), 16) as wording_version,
    consent_text as wording_text,
    reason
from acts
