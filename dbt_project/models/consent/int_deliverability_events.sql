-- One row per thing that shows whether what is sent to a contact point arrives. Kept apart from permission: a bounce
-- is no withdrawal, and an address that works again may be used as before.
with told as (
    select
        events.profile_id,
        case events.event_type
            when 'hard_bounced' then 'hard_bounce'
            when 'hard_bounce' then 'hard_bounce'
            when 'soft_bounced' then 'soft_bounce'
            when 'soft_bounce' then 'soft_bounce'
            when 'invalid_email' then 'invalid'
            -- Nobody clicks in a mail that did not arrive. Programs open by themselves, so an open shows nothing.
            when 'email_clicked' then 'recovered'
            when 'clicked' then 'recovered'
        end as kind,
        events.occurred_at
    from {{ ref('events') }} as events
)

select
    'email' as contact_type,
    addresses.contact_value,
    told.kind,
    told.occurred_at
from told
inner join {{ ref('identifiers') }} as addresses
    on told.profile_id = addresses.profile_id and addresses.identifier_type = 'email'
where told.kind is not null and addresses.contact_value is not null

union all

select
    'email' as contact_type,
    {{ email_contact('email') }} as contact_value,
    'invalid' as kind,
    ingested_at as occurred_at
from {{ ref('stg_shopify__customers') }}
where is_email_undeliverable and {{ email_contact('email') }} is not null
