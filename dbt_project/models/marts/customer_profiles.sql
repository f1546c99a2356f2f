-- One row per profile: the customer it belongs to and why. The one that came first is the founder, whose
-- number the customer wears.
with links as (
    select left_profile_id as profile_id, weight, best_rule, reason from {{ ref('int_identity__pairs') }}
    union all
    select right_profile_id as profile_id, weight, best_rule, reason from {{ ref('int_identity__pairs') }}
),

best as (
    select
        profile_id,
        arg_max(best_rule, (weight, reason)) as best_rule,
        arg_max(reason, (weight, reason)) as reason
    from links
    group by profile_id
)

select
    profiles.profile_id,
    profiles.customer_id,
    profiles.platform,
    profiles.account,
    profiles.object,
    profiles.created_at,
    profiles.first_seen_at,
    case when profiles.profile_id = profiles.founder_profile_id then 'founder' else best.best_rule end as matched_by,
    best.reason
from {{ ref('int_customer_profiles') }} as profiles
left join best on profiles.profile_id = best.profile_id
