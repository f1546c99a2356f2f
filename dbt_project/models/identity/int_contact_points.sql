-- One row per profile and e-mail address or phone number it gave, with what is known of the value itself.
with points as (
    select profile_id, platform, identifier_type, contact_value, match_value, phone_kind, is_verified, first_seen_at
    from {{ ref('identifiers') }}
    where identifier_type in ('email', 'phone') and match_value is not null
    -- One mailbox typed in two ways by one profile counts once.
    qualify row_number() over (
        partition by profile_id, identifier_type, match_value order by is_verified desc, contact_value
    ) = 1
)

select
    points.*,
    roles.local_part is not null as is_role,
    disposable.domain is not null as is_disposable,
    placeholders.match_value is not null
    or {{ is_placeholder('points.identifier_type', 'points.match_value') }} as is_placeholder
from points
-- A phone number has no @, so it is no address of either list.
left join {{ ref('role_addresses') }} as roles on split_part(points.match_value, '@', 1) = roles.local_part
left join {{ ref('disposable_domains') }} as disposable
    on split_part(points.match_value, '@', 2) = disposable.domain
left join {{ ref('placeholder_values') }} as placeholders
    on points.identifier_type = placeholders.identifier_type and points.match_value = placeholders.match_value
