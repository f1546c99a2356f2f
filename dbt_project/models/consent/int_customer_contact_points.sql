-- One row per customer and contact point of theirs: an address to write to, a number to call, a place to
-- send a letter to. What was typed to get past a field is none.
{{ config(materialized='table') }}

select
    profiles.customer_id,
    points.identifier_type as contact_type,
    points.contact_value,
    any_value(points.match_value) as match_value,
    any_value(points.phone_kind) as phone_kind,
    bool_or(points.is_verified) as is_verified,
    coalesce(bool_or(guards.is_role), false) as is_role,
    max(points.last_seen_at) as last_seen_at
from {{ ref('identifiers') }} as points
inner join {{ ref('int_customer_profiles') }} as profiles on points.profile_id = profiles.profile_id
left join {{ ref('int_contact_points') }} as guards
    on
        points.profile_id = guards.profile_id
        and points.identifier_type = guards.identifier_type
        and points.match_value = guards.match_value
where
    points.identifier_type in ('email', 'phone', 'post')
    and points.contact_value is not null
    and not coalesce(guards.is_placeholder or guards.is_disposable, false)
group by profiles.customer_id, points.identifier_type, points.contact_value
