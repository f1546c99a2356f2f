-- One row per customer number ever given: every profile has one of its own, and here is whose it is now.
-- A redirected number never dies; it answers with the customer it went to, and from when on.
with linked as (
    select
        left_profile_id as profile_id, right_profile_id as other_profile_id
    from {{ ref('int_identity__pairs') }}
    union all
    select right_profile_id, left_profile_id from {{ ref('int_identity__pairs') }}
),

-- The earliest moment at which both ends of one of its links were known.
first_links as (
    select linked.profile_id, min(greatest(mine.first_seen_at, theirs.first_seen_at)) as linked_at
    from linked
    inner join {{ ref('int_customer_profiles') }} as mine on linked.profile_id = mine.profile_id
    inner join {{ ref('int_customer_profiles') }} as theirs on linked.other_profile_id = theirs.profile_id
    group by linked.profile_id
)

select
    profiles.own_number as customer_number,
    profiles.customer_id,
    case when profiles.own_number = profiles.customer_id then 'current' else 'redirected' end as status,
    case
        when profiles.own_number = profiles.customer_id then profiles.first_seen_at
        else first_links.linked_at
    end as since
from {{ ref('int_customer_profiles') }} as profiles
left join first_links on profiles.profile_id = first_links.profile_id
