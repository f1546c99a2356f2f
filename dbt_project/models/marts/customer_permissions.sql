-- One row per customer, channel, purpose and contact point: may we on the given day, why, and which act
-- decided it. Nothing leaves without asking this.
select
    permissions.customer_id,
    permissions.channel,
    permissions.purpose,
    permissions.contact_value,
    permissions.is_allowed,
    permissions.is_deliverable,
    permissions.reason,
    permissions.basis,
    permissions.policy_country,
    permissions.decided_by_act,
    acts.occurred_at,
    permissions.expires_on
from {{ ref('int_customer_permissions') }} as permissions
left join {{ ref('consent_acts') }} as acts
    on
        permissions.decided_by_act = acts.consent_act_id
        and permissions.contact_value = acts.contact_value
