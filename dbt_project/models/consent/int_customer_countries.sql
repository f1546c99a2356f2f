-- One row per customer whose country is known: the one stated last, else the one their number belongs to.
{{ config(materialized='table') }}

with stated as (
    select
        profiles.customer_id,
        arg_max(countries.match_value, (countries.last_seen_at, countries.match_value)) as country
    from {{ ref('identifiers') }} as countries
    inner join {{ ref('int_customer_profiles') }} as profiles on countries.profile_id = profiles.profile_id
    where countries.identifier_type = 'country' and countries.match_value is not null
    group by profiles.customer_id
),

dialled as (
    select
        customer_id,
        max({{ dialled_country('contact_value') }}) as country
    from {{ ref('int_customer_contact_points') }}
    where contact_type = 'phone'
    group by customer_id
)

select
    coalesce(stated.customer_id, dialled.customer_id) as customer_id,
    coalesce(stated.country, dialled.country) as country
from stated
full outer join dialled on stated.customer_id = dialled.customer_id
where coalesce(stated.country, dialled.country) is not null
