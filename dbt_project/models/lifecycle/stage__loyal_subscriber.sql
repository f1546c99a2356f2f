-- One row per subject who paid twelve months of subscriptions: loyal from that day on. The end of a subscription
-- takes no month back: inactivity never lowers a stage.
{{ config(materialized='ephemeral') }}

with paid as (
    select
        n,
        event_date,
        event_id,
        sum(coalesce((details ->> '$.months')::integer, 1)) over (
            partition by n order by event_date range between unbounded preceding and current row
        ) as months
    from {{ ref('int_lifecycle__events') }}
    where event_type in ('subscription_started', 'subscription_renewed')
)

select
    n,
    'loyal_customer' as stage,
    5 as stage_rank,
    min(event_date) as valid_from,
    null::date as valid_to,
    arg_min(event_id, (event_date, event_id)) as evidence,
    null::varchar as end_cause,
    null::varchar as end_evidence
from paid
where months >= {{ var('lifecycle')['loyal_paid_months'] }}
group by n
