-- One row per event of a customer up to the given day, on the company's own calendar. Here events meet
-- customers, late: after a merge or a split the same events tell the new people's story.
{{ config(materialized='view') }}

select
    profiles.customer_id,
    events.event_id,
    events.profile_id,
    events.event_type,
    events.occurred_at,
    {{ local_day('events.occurred_at') }} as event_date,
    events.ingested_at,
    events.touched_at,
    events.platform,
    events.channel,
    events.campaign_id,
    events.amount,
    events.currency,
    events.evidence,
    events.details
from {{ ref('events') }} as events
inner join {{ ref('int_customer_profiles') }} as profiles on events.profile_n = profiles.n
where {{ local_day('events.occurred_at') }} <= {{ as_of('lifecycle') }}
