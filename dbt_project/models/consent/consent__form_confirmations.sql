-- One row per confirmed yes to e-mail, and purpose: the click in the mail is an act of its own, for the address the
-- mail went to, and for what was ticked there.
select
    grants.profile_id || ':confirmed:' || grants.purpose as consent_act_id,
    grants.profile_id,
    grants.platform,
    grants.channel,
    grants.purpose,
    'confirm' as act,
    'person' as actor,
    'consent' as basis,
    confirmations.confirmed_at as occurred_at,
    'second' as occurred_at_precision,
    confirmations.ingested_at,
    grants.profile_id as evidence_record_id,
    grants.wording_version,
    grants.wording_text,
    grants.locale,
    grants.collection_point,
    json_object('mail_written_at', confirmations.sent_at) as evidence,
    'confirmed in a mail (double opt-in)' as reason
from {{ ref('consent__form_answers') }} as grants
inner join {{ ref('stg_own_form__confirmations') }} as confirmations on grants.profile_id = confirmations.profile_id
where grants.channel = 'email' and grants.act = 'grant'
-- Two boxes for one purpose are confirmed by one click.
qualify row_number() over (partition by grants.profile_id, grants.purpose order by grants.consent_act_id) = 1
