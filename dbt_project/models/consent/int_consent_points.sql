-- One row per contact point, whoever uses it, with the law that is asked. Shared by people of two laws, or by
-- somebody of none, it is 'unknown': the strictest. A number is a business's only where all who gave it say so.
{{ config(materialized='table') }}

select
    {{ point_key('points.contact_type', 'points.contact_value') }} as point_key,
    any_value({{ point_key('points.contact_type', 'points.match_value') }}) as mailbox_key,
    points.contact_type,
    points.contact_value,
    any_value(points.match_value) as match_value,
    case
        when bool_or(points.recipient = 'consumer') then 'consumer'
        when bool_or(points.recipient = 'business') then 'business'
        else 'generic'
    end as recipient,
    case
        when
            min(coalesce(countries.jurisdiction, 'unknown')) = max(coalesce(countries.jurisdiction, 'unknown'))
            then min(coalesce(countries.jurisdiction, 'unknown'))
        else 'unknown'
    end as jurisdiction
from {{ ref('int_profile_points') }} as points
left join {{ ref('int_customer_countries') }} as countries on points.customer_id = countries.customer_id
group by points.contact_type, points.contact_value
