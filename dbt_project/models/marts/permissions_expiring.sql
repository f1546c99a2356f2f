-- One row per contact point we may write to today and may not any more within ninety days, with the last day on which
-- one may still ask for a yes: asking is itself a message, and afterwards even that is forbidden. Whom to ask is
-- `firsthand export --expiring 60`.
select
    customer_id,
    channel,
    purpose,
    contact_value,
    basis,
    expires_on,
    expires_on - 1 as ask_until,
    expires_on - {{ as_of('permission') }} as days_left
from {{ ref('int_customer_permissions') }}
where
    is_allowed
    and is_deliverable
    and expires_on <= {{ as_of('permission') }} + 90
