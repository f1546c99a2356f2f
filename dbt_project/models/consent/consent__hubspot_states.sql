-- One row per change of what HubSpot holds of a contact's mail. Who left everything has said no; so has who left a
-- kind of mail, to that kind. That somebody is subscribed is the tool's word only: what proves a yes is the form it was
-- given on, told by consent__form_answers. A company's own interest, a contract, or leave to store and no more, are
-- nobody's yes.
--
-- Promotion is what some kinds of mail are for, as the company says: in while one of those is on, out once the last is
-- off. A mailbox that does not exist is no word about permission.
{% set of_contact = 'profile_id, via, version_number, recorded_at, ingested_at' %}

with versions as (
    select * from {{ ref('stg_hubspot__consent_states') }}
),

left_everything as (
    select
        *,
        -- A no that follows a contact to a new address is one for that, too.
        lag(has_left_everything, 1, false) over (partition by profile_id, via, email order by version_number)
            as had_left
    from versions
),

stated as (
    select {{ of_contact }}, account, unnest(states, recursive := true)
    from versions
),

states as (
    select
        {{ of_contact }},
        stated.address,
        stated.subscription_id,
        stated.stated_at,
        coalesce(stated.told_name, types.subscription_name) as subscription_name,
        coalesce(types.is_marketing, false) as is_marketing,
        stated.status = 'SUBSCRIBED'
        -- any other basis is not theirs
        and stated.legal_basis in ('CONSENT_WITH_NOTICE', 'NON_GDPR', '') as is_on,
        stated.status = 'UNSUBSCRIBED' as is_off
    from stated
    left join {{ ref('stg_hubspot__subscription_types') }} as types
        on stated.account = types.account and stated.subscription_id = types.subscription_id
    where stated.subscription_id is not null
),

kinds as (
    select
        *,
        lag(is_on, 1, false) over kind as was_on,
        lag(is_off, 1, false) over kind as was_off
    from states
    window kind as (partition by profile_id, via, address, subscription_id order by version_number)
),

promotion as (
    select
        {{ of_contact }},
        address,
        bool_or(is_on) as is_in,
        bool_or(is_off) and not bool_or(is_on) as is_out,
        coalesce(max(stated_at) filter (where is_on), max(stated_at) filter (where is_off)) as stated_at
    from states
    where is_marketing
    group by {{ of_contact }}, address
),

promotion_changes as (
    select
        *,
        lag(is_in, 1, false) over mailbox as was_in,
        lag(is_out, 1, false) over mailbox as was_out
    from promotion
    window mailbox as (partition by profile_id, via, address order by version_number)
),

acts as (
    select
        {{ of_contact }}, email as raw_value, 'marketing' as purpose, 'asserted_optout' as act,
        null::timestamptz as stated_at, 'left everything, in HubSpot' as reason, 'everything' as reference
    from left_everything
    where has_left_everything and not had_left
    union all
    select
        {{ of_contact }}, address as raw_value, 'newsletter:' || subscription_id as purpose,
        case when is_on then 'asserted_grant' else 'asserted_optout' end as act, stated_at,
        case when is_on then 'subscribed to ' else 'left ' end || coalesce(subscription_name, subscription_id)
            as reason,
        subscription_id as reference
    from kinds
    where (is_on and not was_on) or (is_off and not was_off)
    union all
    select
        {{ of_contact }}, address as raw_value, 'marketing' as purpose,
        case when is_in then 'asserted_grant' else 'asserted_optout' end as act, stated_at,
        case when is_in then 'subscribed to mail that promotes, in HubSpot' else 'left all mail that promotes' end
            as reason,
        'promotion' as reference
    from promotion_changes
    where (is_in and not was_in) or (is_out and not was_out)
)

select
    -- One contact has several addresses. An id is shown where no address may be: four digits tell those of one
    -- contact apart, and nobody whose they are.
    concat_ws(
        ':', profile_id, left(md5(profile_id || raw_value), 4), purpose, reference, act, via, version_number
    ) as consent_act_id,
    profile_id,
    'hubspot' as platform,
    raw_value,
    'email' as channel,
    purpose,
    act,
    'source_state' as actor,
    'consent' as basis,
    coalesce(stated_at, recorded_at) as occurred_at,
    case when stated_at is null and version_number = 1 then 'first_seen' else 'second' end as occurred_at_precision,
    ingested_at,
    profile_id as evidence_record_id,
    reason
from acts
where raw_value is not null
