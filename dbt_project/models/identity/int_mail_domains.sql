-- One row per customer and e-mail domain they write from that may be a company's: no free mail, nothing that
-- lasts ten minutes, not our own.
with named as (
    select
        customer_id,
        {{ name_key('last_name') }} as last_name_key,
        {{ company_key('company') }} as company_key
    from {{ ref('int_customer_traits') }}
)

select
    profiles.customer_id,
    split_part(points.match_value, '@', 2) as domain,
    bool_or(points.is_role) as has_role_address,
    min(coalesce(profiles.created_at, profiles.first_seen_at)) as known_since,
    any_value(named.last_name_key) as last_name_key,
    any_value(named.company_key) as company_key
from {{ ref('int_contact_points') }} as points
inner join {{ ref('int_customer_profiles') }} as profiles on points.profile_id = profiles.profile_id
left join named on profiles.customer_id = named.customer_id
left join {{ ref('free_mail_domains') }} as free_mail on split_part(points.match_value, '@', 2) = free_mail.domain
left join {{ ref('internal_domains') }} as internal on split_part(points.match_value, '@', 2) = internal.domain
where
    points.identifier_type = 'email'
    and not points.is_placeholder and not points.is_disposable
    and free_mail.domain is null and internal.domain is null
group by 1, 2
