-- One row per contact point, channel and purpose anyone may ask about, with the law of the given day.
with in_force as (
    select *
    from {{ ref('laws') }}
    where valid_from <= {{ as_of('permission') }}
    qualify row_number() over (
        partition by jurisdiction, channel, purpose_group, recipient order by valid_from desc
    ) = 1
),

asked as (
    select
        in_force.*,
        channels.contact_type,
        purposes.purpose
    from in_force
    inner join (
        select 'email' as contact_type, unnest(['email', 'ad_upload']) as channel
        union all
        select 'phone' as contact_type, unnest(['sms', 'phone', 'whatsapp', 'ad_upload']) as channel
        union all
        select 'post' as contact_type, 'post' as channel
    ) as channels
        on in_force.channel = channels.channel
    inner join {{ ref('int_consent_purposes') }} as purposes on in_force.purpose_group = purposes.purpose_group
)

select
    points.point_key,
    points.contact_type,
    points.contact_value,
    points.match_value,
    points.recipient,
    points.jurisdiction,
    asked.* exclude (contact_type, recipient, jurisdiction, valid_from, why, source)
from {{ ref('int_consent_points') }} as points
inner join asked
    on
        points.contact_type = asked.contact_type
        and points.jurisdiction = asked.jurisdiction
        and points.recipient = asked.recipient
