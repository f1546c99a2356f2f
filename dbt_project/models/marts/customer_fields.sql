-- One row per customer, field and value anybody gave for it: which won, whose word it is, and why the others
-- lost. `customers` shows the winners.
select
    fields.customer_id,
    fields.field,
    fields.value_rank::integer as value_rank,
    fields.value,
    fields.is_winner,
    fields.decided_by,
    fields.profile_id,
    fields.platform,
    fields.said_at,
    fields.record_count::integer as record_count
from {{ ref('int_customer_fields') }} as fields

union all

select
    contacts.customer_id,
    contacts.field,
    contacts.value_rank::integer as value_rank,
    contacts.value,
    contacts.is_winner,
    contacts.decided_by,
    contacts.profile_id,
    contacts.platform,
    contacts.said_at,
    contacts.record_count::integer as record_count
from {{ ref('int_contact_fields') }} as contacts
