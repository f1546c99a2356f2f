-- One row per profile that names another platform's record as its own, and that record: a tool that was
-- connected to the shop says who the contact is there.
{{ config(materialized='view') }}

with named as (
    select
        identifiers.profile_id,
        identifiers.match_value,
        -- A platform's own records carry their own id; everybody else only refers to it.
        identifiers.platform = split_part(identifiers.match_value, ':', 1) as is_own
    from {{ ref('identifiers') }} as identifiers
    where identifiers.identifier_type = 'platform_id'
),

-- Two shops may both have a customer 17: then the reference says nothing.
owners as (
    select match_value, min(profile_id) as profile_id
    from named
    where is_own
    group by match_value
    having count(*) = 1
)

select
    owners.profile_id as left_profile_id,
    named.profile_id as right_profile_id,
    'same_platform_id' as match_rule,
    9.0 as weight,
    'names ' || owners.profile_id || ' as the same record' as reason
from named
inner join owners on named.match_value = owners.match_value
left join {{ ref('int_profile_names') }} as left_names on owners.profile_id = left_names.profile_id
left join {{ ref('int_profile_names') }} as right_names on named.profile_id = right_names.profile_id
left join {{ ref('int_first_names') }} as a on left_names.first_name_key = a.first_name_key
left join {{ ref('int_first_names') }} as b on right_names.first_name_key = b.first_name_key
where not named.is_own
-- Two different first names win over any connected tool.
and (a.first_name_key is null or b.first_name_key is null or {{ names_agree('a', 'b') }})
