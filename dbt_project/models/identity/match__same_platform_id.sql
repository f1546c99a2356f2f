-- One row per profile that names another platform's record as its own, and that record: a tool that was
-- connected to the shop says who the contact is there. Two different first names win over any tool.
{{ config(materialized='view') }}

with named as (
    select
        profile_id,
        platform_id,
        -- A platform's own records carry their own id; everybody else only refers to it.
        split_part(profile_id, ':', 1) = split_part(platform_id, ':', 1) as is_own
    from {{ ref('int_profile_features') }}
    where platform_id is not null
),

-- Two shops may both have a customer 17: then the reference says nothing.
owners as (
    select platform_id, min(profile_id) as profile_id
    from named
    where is_own
    group by platform_id
    having count(*) = 1
)

select
    owners.profile_id as left_profile_id,
    named.profile_id as right_profile_id,
    'same_platform_id' as match_rule,
    20.0 as weight,
    'names ' || owners.profile_id || ' as the same record' as reason
from named
inner join owners on named.platform_id = owners.platform_id
where not named.is_own
