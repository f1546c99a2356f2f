-- One row per customer, channel, purpose and contact point: may we, why, and does anything arrive there.
{{ config(materialized='table') }}

select
    points.customer_id,
    decided.channel,
    decided.purpose,
    points.contact_value,
    decided.is_allowed,
    undeliverable.contact_value is null
    and not (decided.channel = 'sms' and coalesce(points.phone_kind = 'landline', false)) as is_deliverable,
    decided.reason,
    decided.basis,
    decided.jurisdiction as policy_country,
    decided.decided_by_act,
    decided.expires_on,
    points.is_verified,
    points.last_seen_at
from {{ ref('int_customer_contact_points') }} as points
inner join {{ ref('int_consent__decided') }} as decided
    on points.contact_type = decided.contact_type and points.contact_value = decided.contact_value
left join {{ ref('int_undeliverable') }} as undeliverable
    on points.contact_type = undeliverable.contact_type and points.contact_value = undeliverable.contact_value
