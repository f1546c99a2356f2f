-- One row per change of what the mail tool holds of a contact. Its block says no and not why (they left,
-- complained, bounced or were blocked by hand), so it is taken for a no of the person; its absence is no
-- yes. Being on a list is what the tool asserts, unless the contact confirmed in a mail.
with changes as (
    select
        *,
        -- A block that follows a contact to a new address is a no for that one too; a confirmation is none.
        lag(is_email_blocked, 1, false) over mailbox as was_email_blocked,
        lag(is_sms_blocked, 1, false) over handset as was_sms_blocked,
        lag(len(lists) > 0, 1, false) over contact as was_on_a_list,
        lag(has_confirmed, 1, false) over contact as had_confirmed,
        list_filter(left_lists, lambda one: not list_contains(coalesce(lag(left_lists) over mailbox, []), one))
            as newly_left,
        -- The first version may be long after the fact; creation is the only date it tells.
        case when version_number = 1 then created_at else recorded_at end as began_at
    from {{ ref('stg_brevo__consent_states') }}
    window
        contact as (partition by profile_id, via order by version_number),
        mailbox as (partition by profile_id, via, email order by version_number),
        handset as (partition by profile_id, via, phone order by version_number)
),

acts as (
    select
        *, 'email' as channel, email as raw_value, 'marketing' as purpose, unnest(['grant', 'confirm']) as act,
        began_at as occurred_at, 'confirmed in a mail (double opt-in)' as reason
    from changes where has_confirmed and not had_confirmed
    union all by name
    select
        *, 'email' as channel, email as raw_value, 'marketing' as purpose, 'asserted_grant' as act,
        began_at as occurred_at, 'on a list of the mail tool' as reason
    from changes where len(lists) > 0 and not was_on_a_list and not has_confirmed and not is_email_blocked
    union all by name
    select
        *, 'email' as channel, email as raw_value, 'marketing' as purpose, 'asserted_optout' as act,
        recorded_at as occurred_at, 'blocked for e-mail in the mail tool' as reason
    from changes where is_email_blocked and not was_email_blocked
    union all by name
    select
        *, 'sms' as channel, phone as raw_value, 'marketing' as purpose, 'asserted_grant' as act,
        began_at as occurred_at, 'on a list of the mail tool' as reason
    from changes where len(lists) > 0 and not was_on_a_list and not is_sms_blocked
    union all by name
    select
        *, 'sms' as channel, phone as raw_value, 'marketing' as purpose, 'asserted_optout' as act,
        recorded_at as occurred_at, 'blocked for SMS in the mail tool' as reason
    from changes where is_sms_blocked and not was_sms_blocked
    union all by name
    select
        *, 'email' as channel, email as raw_value, 'newsletter:' || unnest(newly_left) as purpose,
        'withdraw' as act, recorded_at as occurred_at, 'left one list' as reason
    from changes where len(newly_left) > 0
)

select
    concat_ws(':', profile_id, channel, purpose, act, via, version_number) as consent_act_id,
    profile_id,
    'brevo' as platform,
    raw_value,
    channel,
    purpose,
    act,
    case when act like 'asserted%' then 'source_state' else 'person' end as actor,
    'consent' as basis,
    occurred_at,
    case when version_number = 1 then 'first_seen' else 'second' end as occurred_at_precision,
    ingested_at,
    profile_id as evidence_record_id,
    reason
from acts
where raw_value is not null
