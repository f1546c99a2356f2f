-- One row per change of what Mailchimp holds of a member, and per goodbye or complaint it dates. A state becomes an
-- act only when it changes. Who filled in a form and is in has said yes, confirmed where the click in a mail came
-- later; everybody else on an audience is the tool's word only. Where the audience asks for permissions, being
-- subscribed is not enough for e-mail. Buyers whom a shop put there (transactional) were never asked.
--
-- To leave an audience is to leave its letters, whatever else they are about: it closes marketing. A mailbox that does
-- not exist (cleaned) is no word about permission.
{% set of_member = 'profile_id, audience_id, email, status, via, version_number, recorded_at, ingested_at' %}

with versions as (
    select
        *,
        list_transform(
            list_filter(permissions, lambda one: one.enabled = 'true'), lambda one: one.marketing_permission_id
        ) as permitted,
        status = 'subscribed' and (len(permissions) = 0 or len(list_filter(
            permissions,
            lambda one: one.enabled = 'true' and list_contains({{ mailchimp_channels('one.text') }}, 'email')
        )) > 0) as is_in
    from {{ ref('stg_mailchimp__consent_states') }}
),

changes as (
    select
        *,
        lag(is_in, 1, false) over member as was_in,
        coalesce(lag(status) over member, '') as former_status,
        coalesce(lag(sms_status) over handset, '') as former_sms_status,
        lag(opted_in_at) over member as former_opted_in_at,
        coalesce(lag(permitted) over member, []) as formerly_permitted,
        coalesce(lag(interests) over member, []) as former_interests,
        -- Another member of the audience is the same contact from then on: its address was changed.
        lead(recorded_at) over contact as moved_at
    from versions
    window
        member as (partition by profile_id, via order by version_number),
        handset as (partition by profile_id, via, phone order by version_number),
        contact as (
            partition by audience_id, via, contact_id, version_number > 1 order by recorded_at, profile_id
        )
),

dated as (
    select
        *,
        via <> 'file' and has_signed_up and coalesce(opted_in_at <> former_opted_in_at, true) as is_own_yes
    from changes
),

let_in as (
    select
        *,
        case
            when not is_own_yes then ['asserted_grant']
            when has_confirmed then ['grant', 'confirm']
            else ['grant']
        end as said,
        case when is_own_yes or version_number = 1 then opted_in_at end as said_at,
        case
            when not is_own_yes then 'subscribed in the mail tool'
            when has_confirmed then 'signed up, and confirmed in a mail (double opt-in)'
            else 'signed up'
        end as why
    from dated
    where is_in and not was_in
),

-- A permission given or taken back, under the words it is asked in. That for e-mail is part of being in.
permissions_then as (
    select
        *,
        unnest(permissions) as permission
    from dated
),

permission_changes as (
    select
        *,
        unnest({{ mailchimp_channels('permission.text') }}) as channel,
        permission.enabled = 'true' as is_given
    from permissions_then
    where
        coalesce(permission.enabled = 'true', false)
        <> list_contains(formerly_permitted, permission.marketing_permission_id)
),

interests_then as (
    select
        *,
        unnest(list_distinct(list_concat(interests, former_interests))) as interest_id
    from dated
),

interest_changes as (
    select
        changed.*,
        interests.wording_text,
        list_contains(changed.interests, changed.interest_id) as is_given
    from interests_then as changed
    left join {{ ref('stg_mailchimp__interests') }} as interests
        on changed.audience_id = interests.audience_id and changed.interest_id = interests.interest_id
    where
        list_contains(changed.interests, changed.interest_id)
        <> list_contains(changed.former_interests, changed.interest_id)
),

acts as (
    select
        {{ of_member }}, email as raw_value, 'email' as channel, 'marketing' as purpose, unnest(said) as act,
        coalesce(said_at, recorded_at) as occurred_at, why as reason, null as wording_text, null as reference
    from let_in
    union all
    select
        {{ of_member }}, email as raw_value, 'email' as channel, 'marketing' as purpose, 'grant' as act,
        coalesce(signed_up_at, recorded_at) as occurred_at, 'signed up, and did not confirm so far' as reason,
        null as wording_text, null as reference
    from dated
    where status = 'pending' and former_status <> 'pending' and signed_up_at is not null
    union all
    select
        {{ of_member }}, email as raw_value, 'email' as channel, 'marketing' as purpose, 'asserted_optout' as act,
        recorded_at as occurred_at, 'unsubscribed in the mail tool' as reason, null as wording_text, null as reference
    from dated
    where status = 'unsubscribed' and former_status <> 'unsubscribed'
    union all
    select
        {{ of_member }}, email as raw_value, 'email' as channel, 'marketing' as purpose, 'asserted_optout' as act,
        moved_at as occurred_at, 'replaced by another address in the mail tool' as reason,
        null as wording_text, 'moved' as reference
    from dated
    where version_number = 1 and contact_id is not null and moved_at is not null
    union all
    select
        {{ of_member }}, phone as raw_value, 'sms' as channel, 'marketing' as purpose,
        case sms_status when 'subscribed' then 'asserted_grant' else 'asserted_optout' end as act,
        recorded_at as occurred_at, sms_status || ' for SMS in the mail tool' as reason,
        null as wording_text, null as reference
    from dated
    where sms_status in ('subscribed', 'unsubscribed') and former_sms_status <> sms_status
    union all
    select
        {{ of_member }}, case channel when 'email' then email when 'sms' then phone end as raw_value, channel,
        'marketing' as purpose, case when is_given then 'asserted_grant' else 'asserted_optout' end as act,
        recorded_at as occurred_at,
        case when is_given then 'permitted in the mail tool' else 'permission taken back' end as reason,
        permission.text as wording_text, permission.marketing_permission_id as reference
    from permission_changes
    where channel <> 'email' or not is_given
    union all
    select
        {{ of_member }}, email as raw_value, 'email' as channel,
        'newsletter:' || audience_id || '/' || interest_id as purpose,
        case when is_given then 'asserted_grant' else 'asserted_optout' end as act, recorded_at as occurred_at,
        case when is_given then 'chosen in the mail tool' else 'no longer chosen' end as reason,
        wording_text, interest_id as reference
    from interest_changes
    where not is_given or status = 'subscribed'
)

select
    concat_ws(':', profile_id, channel, purpose, reference, act, via, version_number, epoch_ms(occurred_at))
        as consent_act_id,
    profile_id,
    'mailchimp' as platform,
    raw_value,
    channel,
    purpose,
    act,
    case when act like 'asserted%' then 'source_state' else 'person' end as actor,
    'consent' as basis,
    occurred_at,
    case when version_number = 1 and act like 'asserted%' then 'first_seen' else 'second' end as occurred_at_precision,
    ingested_at,
    profile_id as evidence_record_id,
    status = 'pending' and act = 'grant' as needs_confirmation,
    left(sha256(wording_text), 16) as wording_version,
    wording_text,
    audience_id as collection_point,
    reason
from acts
where channel <> 'email' or email is not null

union all by name

select
    event_id || ':' || event_type as consent_act_id,
    profile_id,
    'mailchimp' as platform,
    email as raw_value,
    'email' as channel,
    'marketing' as purpose,
    case event_type when 'unsubscribed' then 'withdraw' else 'complaint' end as act,
    'person' as actor,
    'consent' as basis,
    occurred_at,
    'second' as occurred_at_precision,
    ingested_at,
    event_id as evidence_record_id,
    false as needs_confirmation,
    case event_type when 'unsubscribed' then 'unsubscribed' else 'reported it as spam' end as reason
from {{ ref('stg_mailchimp__activity') }}
where event_type in ('unsubscribed', 'complained') and email is not null
