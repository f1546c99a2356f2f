-- One row per profile: the customer it belongs to. The customer's number is that of its founder, the
-- profile that reached us first; so a later record never flips it, a merge keeps the older number and a
-- split gives each side its old one back. A profile nobody matches is a customer of its own.
with profiles as (
    select
        profiles.profile_id,
        profiles.platform,
        profiles.account,
        profiles.object,
        profiles.created_at,
        profiles.first_seen_at,
        {{ own_number('profiles.profile_id') }} as own_number,
        coalesce(clusters.cluster, profiles.profile_id) as cluster
    from {{ ref('profiles') }} as profiles
    left join {{ ref('int_identity__clusters') }} as clusters on profiles.profile_id = clusters.profile_id
)

select
    *,
    first_value(own_number) over founders as customer_id,
    first_value(profile_id) over founders as founder_profile_id
from profiles
window founders as (
    partition by cluster
    order by first_seen_at, created_at nulls last, profile_id
)
