-- One row per pair of profiles judged by a person, as far as the judgement is in force: whose they are now,
-- and whether the judgement has taken effect.
select
    judged.left_profile_id,
    judged.right_profile_id,
    judged.verdict,
    judged.judged_by,
    judged.reason,
    judged.judged_at,
    left_profiles.customer_id as left_customer_id,
    right_profiles.customer_id as right_customer_id,
    (left_profiles.customer_id = right_profiles.customer_id) = (judged.verdict = 'together') as is_in_effect
from {{ ref('int_judgements') }} as judged
left join {{ ref('int_customer_profiles') }} as left_profiles
    on judged.left_profile_id = left_profiles.profile_id
left join {{ ref('int_customer_profiles') }} as right_profiles
    on judged.right_profile_id = right_profiles.profile_id
