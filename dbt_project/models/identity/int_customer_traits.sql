-- One row per customer: what else is known of who they are, from the most trusted source, then the latest.
-- One address is taken whole from one profile, lest a street of one town meet the postcode of another.
with said as (
    select
        profiles.customer_id,
        identifiers.profile_id,
        identifiers.identifier_type,
        identifiers.contact_value,
        ({{ source_rank('identifiers.platform') }}, identifiers.last_seen_at, identifiers.profile_id) as trust
    from {{ ref('identifiers') }} as identifiers
    inner join {{ ref('int_customer_profiles') }} as profiles on identifiers.profile_id = profiles.profile_id
    where
        identifiers.identifier_type in ('company', 'language', 'city', 'postcode', 'post')
        and identifiers.contact_value is not null
)

select
    customer_id,
    arg_max(contact_value, trust) filter (where identifier_type = 'company') as company,
    arg_max(lower(left(contact_value, 2)), trust) filter (where identifier_type = 'language') as language,
    arg_max(contact_value, trust) filter (where identifier_type = 'city') as city,
    arg_max(contact_value, trust) filter (where identifier_type = 'postcode') as postcode,
    arg_max(contact_value, trust) filter (where identifier_type = 'post') as postal_address
from said
group by customer_id
