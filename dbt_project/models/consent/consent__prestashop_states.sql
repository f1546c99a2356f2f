-- One row per change of whether a customer gets the shop's newsletter. A box left alone is silence. That a visitor
-- signed up is their yes, from the day the shop tells; who was put there by staff or an import is only said to have
-- agreed, and so is who changed the address: a yes was never said of the new one. The shop does not say who ended it: a
-- no is taken for the person's.
with changes as (
    select
        *,
        lag(is_subscribed, 1, false) over mailbox as was_subscribed,
        lag(is_subscribed, 1, false) over customer and lag(subscribed_at) over customer = subscribed_at as is_carried
    from {{ ref('stg_prestashop__consent_states') }}
    window
        customer as (partition by profile_id, via order by version_number),
        mailbox as (partition by profile_id, via, email order by version_number)
),

acts as (
    select
        *,
        case
            when not is_subscribed then 'asserted_optout'
            when is_by_visitor and subscribed_at is not null and not coalesce(is_carried, false) then 'grant'
            else 'asserted_grant'
        end as act
    from changes
    where is_subscribed <> was_subscribed and email is not null
)

select
    concat_ws(':', profile_id, 'newsletter', act, via, version_number) as consent_act_id,
    profile_id,
    'prestashop' as platform,
    email as raw_value,
    'email' as channel,
    'marketing' as purpose,
    act,
    case when act = 'grant' then 'person' else 'source_state' end as actor,
    'consent' as basis,
    case when is_subscribed then coalesce(subscribed_at, recorded_at) else recorded_at end as occurred_at,
    case when is_subscribed and subscribed_at is null then 'first_seen' else 'second' end as occurred_at_precision,
    ingested_at,
    profile_id as evidence_record_id,
    case when act = 'grant' then 'newsletter:' || left(sha256(coalesce(wording_text, '')), 16) end as wording_version,
    case when act = 'grant' then wording_text end as wording_text,
    'account' as collection_point,
    case act
        when 'grant' then 'signed up for the newsletter in the shop'
        when 'asserted_grant' then 'the shop says that they get its newsletter'
        else 'taken off the newsletter in the shop'
    end as reason
from acts
