-- One row per profile that names another record as its own, and that record: a tool that was connected to the shop
-- says who the contact is there, and a tool that merged two of its records calls both by one number. Two different
-- first names win over any tool.
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
),

-- Within an account they are not two people's.
merged as (
    select
        profile_id,
        min(profile_id) over (partition by platform_id, split_part(profile_id, ':', 2)) as first_profile_id
    from named
    where is_own
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

union all

select
    first_profile_id as left_profile_id,
    profile_id as right_profile_id,
    'same_platform_id' as match_rule,
    20.0 as weight,
    'the platform merged ' || first_profile_id || ' and this record' as reason
from merged
where first_profile_id <> profile_id
