-- One row per profile that speaks for a company: names one, or writes from a role address, a company's domain or
-- our own. What it gives (a switchboard, a head office) is the company's and makes no household.
select distinct profile_id
from (
    select claims.profile_id
    from {{ ref('int_field_ranks') }} as claims
    where claims.field_group = 'company'
    union all
    select points.profile_id
    from {{ ref('int_contact_points') }} as points
    left join {{ ref('int_company_domains') }} as domains on split_part(points.match_value, '@', 2) = domains.domain
    left join {{ ref('internal_domains') }} as internal on split_part(points.match_value, '@', 2) = internal.domain
    where
        points.identifier_type = 'email'
        and (points.is_role or domains.domain is not null or internal.domain is not null)
)
