-- A second, plain reading of the ledger: nothing may be allowed on a contact point whose latest own act is
-- a no, whoever shares it.
{{ config(meta={'dagster': {'ref': {'name': 'customer_permissions'}}}) }}
with latest as (
    select
        contact_type, contact_value, channel,
        max(occurred_at) filter (
            where act in ('deny', 'withdraw', 'object', 'complaint', 'asserted_optout')
        ) as no_at,
        max(occurred_at) filter (where act in ('grant', 'confirm')) as yes_at
    from {{ ref('consent_acts') }}
    where purpose = 'marketing' and {{ local_day('occurred_at') }} <= {{ as_of('permission') }}
    group by all
)

select permissions.*
from {{ ref('customer_permissions') }} as permissions
inner join latest
    on permissions.contact_value = latest.contact_value and permissions.channel = latest.channel
where
    permissions.is_allowed
    -- To profiling and to advertising they say no by their own words, or by an objection to everything.
    and permissions.purpose not in ('profiling', 'ad_user_data', 'ad_personalization')
    and latest.no_at is not null
    and coalesce(latest.no_at >= latest.yes_at, true)
