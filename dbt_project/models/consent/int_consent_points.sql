-- One row per contact point, whoever uses it, with the country whose law is asked. Shared by people of two
-- countries, or by somebody of none, it is 'unknown': the strictest.
{{ config(materialized='table') }}

select
    points.contact_type,
    points.contact_value,
    any_value(points.match_value) as match_value,
    any_value(points.phone_kind) as phone_kind,
    bool_or(points.is_role) as is_role,
    case
        when
            count(distinct coalesce(countries.country, 'unknown')) = 1
            and any_value(coalesce(countries.country, 'unknown')) in (
                select policies.country from {{ ref('consent_policies') }} as policies
            )
            then any_value(coalesce(countries.country, 'unknown'))
        else 'unknown'
    end as policy_country
from {{ ref('int_customer_contact_points') }} as points
left join {{ ref('int_customer_countries') }} as countries on points.customer_id = countries.customer_id
group by points.contact_type, points.contact_value
