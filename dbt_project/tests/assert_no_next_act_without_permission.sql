-- Whoever is suggested for something may be contacted on the given day, by the very channel that is named.
{{ config(meta={'dagster': {'ref': {'name': 'next_acts'}}}) }}
select acts.customer_id, acts.channel
from {{ ref('next_acts') }} as acts
where not exists (
    select 1
    from {{ ref('customer_permissions') }} as permissions
    where
        permissions.customer_id = acts.customer_id
        and permissions.channel = acts.channel
        and permissions.purpose = 'marketing'
        and permissions.is_allowed
        and permissions.is_deliverable
)
