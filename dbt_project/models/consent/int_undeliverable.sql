-- One row per contact point nothing arrives at. Not a withdrawal: the permission stays what it is.
with found as (
    select
        identifiers.identifier_type as contact_type,
        identifiers.contact_value,
        'hard bounce' as reason
    from {{ ref('events') }} as events
    inner join {{ ref('identifiers') }} as identifiers
        on events.profile_id = identifiers.profile_id and identifiers.identifier_type = 'email'
    where events.event_type = 'hard_bounced' and {{ local_day('events.occurred_at') }} <= {{ as_of('permission') }}

    union all

    select
        'email' as contact_type,
        {{ email_contact('email') }} as contact_value,
        'the shop calls it invalid' as reason
    from {{ ref('stg_shopify__customers') }}
    where is_email_undeliverable and {{ email_contact('email') }} is not null
)

select
    contact_type,
    contact_value,
    min(reason) as reason
from found
group by contact_type, contact_value
