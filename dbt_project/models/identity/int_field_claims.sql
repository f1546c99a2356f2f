-- One row per profile and thing it says of who somebody is (a name, an address, a company, a language), with
-- all that the survivorship rules weigh. Names and addresses are claimed whole, lest a street of one town
-- meet the postcode of another.
{{ config(materialized='view') }}

with records as (
    select
        profile_id,
        any_value(platform) as platform,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at,
        -- A record whose e-mail address was confirmed is somebody's own word.
        bool_or(is_verified) as is_verified,
        max(contact_value) filter (where identifier_type = 'company') as company,
        max(contact_value) filter (where identifier_type = 'job_title') as job_title,
        max(lower(left(contact_value, 2))) filter (where identifier_type = 'language') as language,
        max(contact_value) filter (where identifier_type = 'street') as street,
        max(contact_value) filter (where identifier_type = 'city') as city,
        max(contact_value) filter (where identifier_type = 'postcode') as postcode,
        max(contact_value) filter (where identifier_type = 'post') as postal_address
    from {{ ref('identifiers') }}
    group by profile_id
),

claims as (
    select
        profile_id, 'name' as field_group, first_name_key as said_key,
        {{ proper_name('trim(first_name)') }} as first_name,
        {{ proper_name('trim(last_name)') }} as last_name,
        concat(first_name, last_name) as spelled,
        (first_name is not null)::integer + (last_name is not null)::integer as completeness
    from {{ ref('int_profile_names') }}

    union all by name

    -- A role is one in that company, and goes with it.
    select
        profile_id, 'company' as field_group, {{ company_key('company') }} as said_key, company, job_title,
        company as spelled,
        length(string_split(trim(company), ' ')) as completeness
    from records
    where
        company is not null
        and {{ company_key('company') }} not in (
            select match_value from {{ ref('placeholder_values') }} where identifier_type = 'company'
        )

    union all by name

    select profile_id, 'language' as field_group, language as said_key, language, '' as spelled, 1 as completeness
    from records
    where language is not null

    union all by name

    select
        profile_id, 'address' as field_group, street, city, postcode, postal_address,
        concat(street, city) as spelled,
        concat_ws(' ', {{ street_key('street') }}, {{ name_key('city') }}, replace(postcode, ' ', '')) as said_key,
        (postal_address is not null)::integer + (city is not null)::integer + (postcode is not null)::integer
            as completeness
    from records
    where coalesce(postal_address, city, postcode) is not null
)

select
    profiles.customer_id,
    claims.* exclude (spelled),
    -- Accents (more bytes than letters), hyphens and apostrophes: who writes them spells the name, who does not
    -- was in a hurry.
    strlen(claims.spelled) - length(translate(claims.spelled, '-''', '')) as care,
    count(*) over (partition by profiles.customer_id, claims.field_group, claims.said_key) as said_count,
    {{ source_rank('records.platform') }} as source_rank,
    records.platform,
    records.is_verified,
    records.first_seen_at,
    records.last_seen_at
from claims
inner join records on claims.profile_id = records.profile_id
inner join {{ ref('int_customer_profiles') }} as profiles on claims.profile_id = profiles.profile_id
