-- One row per profile and contact point it gave: an address to write to, a number to call, a place to send a
-- letter to. What was typed to get past a field is none.
--
-- `recipient` is whom the law sees behind it. Generic: a company's office (info@), nobody's in particular.
-- Business: an address at a domain that is no free mail's, or a number given together with a company's name.
{{ config(materialized='table') }}

with companies as (
    select distinct profile_id
    from {{ ref('identifiers') }}
    where identifier_type = 'company' and match_value is not null
)

select
    points.profile_id,
    profiles.own_number,
    profiles.customer_id,
    points.identifier_type as contact_type,
    points.contact_value,
    points.match_value,
    points.phone_kind,
    points.is_verified,
    points.first_seen_at,
    points.last_seen_at,
    case
        when points.identifier_type = 'email' and free_mail.domain is not null then 'consumer'
        when points.identifier_type = 'email' and guards.is_role then 'generic'
        when points.identifier_type = 'email' then 'business'
        when points.identifier_type = 'phone' and companies.profile_id is not null then 'business'
        else 'consumer'
    end as recipient
from {{ ref('identifiers') }} as points
inner join {{ ref('int_customer_profiles') }} as profiles on points.profile_id = profiles.profile_id
left join {{ ref('int_contact_points') }} as guards
    on
        points.profile_id = guards.profile_id
        and points.identifier_type = guards.identifier_type
        and points.match_value = guards.match_value
left join {{ ref('free_mail_domains') }} as free_mail on split_part(points.match_value, '@', 2) = free_mail.domain
left join companies on points.profile_id = companies.profile_id
where
    points.identifier_type in ('email', 'phone', 'post')
    and points.contact_value is not null
    and not coalesce(guards.is_placeholder or guards.is_disposable, false)
