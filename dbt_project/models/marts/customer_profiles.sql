-- One row per profile: the customer it belongs to and why. The one that came first is the founder, whose
-- number the customer wears.
with bonds as (
    select weighed.left_n, weighed.right_n, weighed.weight
    from {{ ref('int_identity__weighed') }} as weighed
    inner join {{ ref('int_customer_profiles') }} as one on weighed.left_n = one.n
    inner join {{ ref('int_customer_profiles') }} as other
        -- A pair that a contradiction cut says nothing of why they are one.
        on weighed.right_n = other.n and one.founder_n = other.founder_n
    where weighed.weight >= {{ var('matching')['threshold_bits'] }}
),

-- Of all that ties a profile the strongest, before anything is put into words.
best as (
    select n, left_n, right_n
    from (
        select left_n as n, left_n, right_n, weight from bonds
        union all
        select right_n as n, left_n, right_n, weight from bonds
    ) as ends
    qualify row_number() over (partition by n order by weight desc, left_n, right_n) = 1
),

spoken as (
    select
        best.n,
        {{ best_rule('weighed', 'one', 'other') }} as best_rule,
        {{ spoken_for('weighed', 'one', 'other') }} as reason
    from best
    inner join {{ ref('int_identity__weighed') }} as weighed
        on best.left_n = weighed.left_n and best.right_n = weighed.right_n
    inner join {{ ref('int_profile_features') }} as one on best.left_n = one.n
    inner join {{ ref('int_profile_features') }} as other on best.right_n = other.n
)

select
    profiles.profile_id,
    profiles.customer_id,
    told.platform,
    told.account,
    told.object,
    profiles.created_at,
    profiles.first_seen_at,
    case when profiles.n = profiles.founder_n then 'founder' else spoken.best_rule end as matched_by,
    spoken.reason
from {{ ref('int_customer_profiles') }} as profiles
inner join {{ ref('profiles') }} as told on profiles.profile_id = told.profile_id
left join spoken on profiles.n = spoken.n
