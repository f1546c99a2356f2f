-- One row per customer with a contact point: the best one per channel (allowed and arriving, then verified,
-- then latest) and what it allows; where none does, the best one's reason.
{{ config(materialized='table') }}

with best as (
    select
        *,
        is_allowed and is_deliverable as can_use,
        case when is_allowed and not is_deliverable then 'undeliverable' else reason end as why_not
    from {{ ref('int_customer_permissions') }}
    where purpose = 'marketing'
    qualify row_number() over (
        partition by customer_id, channel
        order by
            (is_allowed and is_deliverable) desc, is_deliverable desc, is_verified desc, last_seen_at desc,
            contact_value
    ) = 1
)

select
    customer_id,
    max(contact_value) filter (where channel = 'email') as best_email,
    -- The number we may use for something, else the one a message would reach.
    arg_max(contact_value, (can_use, is_deliverable, channel = 'sms')) filter (where channel in ('sms', 'phone'))
        as best_phone,
    bool_or(can_use) filter (where channel = 'email') as can_email,
    bool_or(can_use) filter (where channel = 'sms') as can_sms,
    bool_or(can_use) filter (where channel = 'phone') as can_call,
    bool_or(can_use) filter (where channel = 'post') as can_post,
    max(why_not) filter (where channel = 'email' and not can_use) as why_not_email,
    max(why_not) filter (where channel = 'sms' and not can_use) as why_not_sms,
    max(why_not) filter (where channel = 'phone' and not can_use) as why_not_call,
    max(why_not) filter (where channel = 'post' and not can_use) as why_not_post,
    max(basis) filter (where channel = 'email' and can_use) as basis_email,
    max(basis) filter (where channel = 'sms' and can_use) as basis_sms,
    max(basis) filter (where channel = 'phone' and can_use) as basis_call,
    max(basis) filter (where channel = 'post' and can_use) as basis_post,
    min(expires_on) filter (where can_use) as permission_expires_on
from best
group by customer_id
