-- One row per act about permission and customer whose contact point it is about: the ledger behind
-- customer_permissions. What two people share stands under both.
select
    acts.consent_act_id,
    points.customer_id,
    acts.channel,
    acts.purpose,
    acts.contact_value,
    acts.act,
    acts.actor,
    acts.basis,
    acts.occurred_at,
    acts.occurred_at_precision,
    acts.ingested_at,
    acts.platform,
    acts.evidence_record_id,
    acts.collection_point,
    acts.locale,
    acts.proof_ref,
    acts.expires_on,
    acts.wording_version,
    acts.wording_text,
    acts.reason
from {{ ref('consent_acts') }} as acts
inner join {{ ref('int_customer_contact_points') }} as points
    on acts.contact_type = points.contact_type and acts.contact_value = points.contact_value
