-- One row per profile that says where its person lives, or whose number does: country and postcode.
{{ config(materialized='table') }}

with said as (
    select
        profile_id,
        max(match_value) filter (where identifier_type = 'country') as country,
        max(match_value) filter (where identifier_type = 'postcode') as postcode,
        max(last_seen_at) as last_seen_at
    from {{ ref('identifiers') }}
    where identifier_type in ('country', 'postcode') and match_value is not null
    group by profile_id
    union all by name
    -- A number typed only to get past a field lives nowhere.
    select
        profile_id,
        max({{ dialled_country('contact_value') }}) as dialled,
        max(last_seen_at) as last_seen_at
    from {{ ref('int_profile_points') }}
    where contact_type = 'phone'
    group by profile_id
)

select
    profiles.customer_id,
    said.profile_id,
    max(said.country) as country,
    upper(max(said.postcode)) as postcode,
    max(said.dialled) as dialled,
    max(said.last_seen_at) filter (where said.country is not null) as last_seen_at
from said
inner join {{ ref('int_customer_profiles') }} as profiles on said.profile_id = profiles.profile_id
group by profiles.customer_id, said.profile_id
having coalesce(max(said.country), max(said.dialled)) is not null
