-- One row per judgement in force whose two profiles are both there: whose they are now, the lesser number
-- first, and the day the youngest record of either came.
{{ config(materialized='view') }}

with newest as (
    select customer_id, max(first_seen_at) as newest_record_at
    from {{ ref('int_customer_profiles') }}
    group by customer_id
)

select
    judged.*,
    least(left_profiles.customer_id, right_profiles.customer_id) as one_customer_id,
    greatest(left_profiles.customer_id, right_profiles.customer_id) as other_customer_id,
    greatest(one.newest_record_at, other.newest_record_at) as newest_record_at
from {{ ref('int_judgements') }} as judged
inner join {{ ref('int_customer_profiles') }} as left_profiles
    on judged.left_profile_id = left_profiles.profile_id
inner join {{ ref('int_customer_profiles') }} as right_profiles
    on judged.right_profile_id = right_profiles.profile_id
inner join newest as one on left_profiles.customer_id = one.customer_id
inner join newest as other on right_profiles.customer_id = other.customer_id
