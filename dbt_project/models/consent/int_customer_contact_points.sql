-- One row per customer and contact point of theirs, as the newest build knows them.
{{ config(materialized='table') }}

select
    customer_id,
    contact_type,
    contact_value,
    min(match_value) as match_value,
    min(phone_kind) as phone_kind,
    bool_or(is_verified) as is_verified,
    max(last_seen_at) as last_seen_at
from {{ ref('int_profile_points') }}
group by customer_id, contact_type, contact_value
