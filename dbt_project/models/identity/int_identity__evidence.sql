-- One row per doubtful pair: a fingerprint of all that its two customers are known by. It changes when a
-- new address, number, name or date comes up, and not with another order of the same person.
{{ config(materialized='view') }}

with sides as (
    select doubtful.left_profile_id, doubtful.right_profile_id, profiles.customer_id
    from {{ ref('int_identity__doubtful') }} as doubtful
    inner join {{ ref('int_customer_profiles') }} as profiles
        on profiles.profile_id in (doubtful.left_profile_id, doubtful.right_profile_id)
),

-- Both sides in one list: taking two people apart is no news about them.
known as (
    select distinct
        sides.left_profile_id,
        sides.right_profile_id,
        identifiers.identifier_type || '=' || lower(identifiers.contact_value) as known_by
    from sides
    inner join {{ ref('int_customer_profiles') }} as profiles on sides.customer_id = profiles.customer_id
    inner join {{ ref('identifiers') }} as identifiers on profiles.profile_id = identifiers.profile_id
    where
        identifiers.identifier_type in (
            'email', 'phone', 'first_name', 'last_name', 'full_name', 'birth_date', 'company', 'postcode'
        )
        and identifiers.contact_value is not null
)

select left_profile_id, right_profile_id, md5(string_agg(known_by, '|' order by known_by)) as evidence
from known
group by left_profile_id, right_profile_id
