-- One row per stretch of days for which a subscription says how alive somebody is, whatever the gaps between
-- purchases say: active while paid, at risk once a payment failed or the end is announced, and after the end lapsed
-- for 90 days, then lost, until they buy again.
{{ config(materialized='ephemeral') }}

with told as (
    select
        n,
        coalesce(details ->> '$.subscription', '') as subscription,
        event_date,
        event_id,
        event_type,
        lead(event_date) over (
            partition by n, coalesce(details ->> '$.subscription', '') order by occurred_at, event_id
        ) as next_date
    from {{ ref('int_lifecycle__events') }}
    where event_type in (
        'subscription_started', 'subscription_renewed', 'subscription_payment_failed', 'subscription_end_announced',
        'subscription_ended'
    )
),

bought_again as (
    select told.n, told.event_id, min(states.valid_from) as bought_on
    from told
    inner join {{ ref('int_purchase_states') }} as states
        on told.n = states.n and told.event_date < states.valid_from and states.cause = 'event'
    where told.event_type = 'subscription_ended'
    group by told.n, told.event_id
),

statuses as (
    select
        told.*,
        least(told.next_date, bought_again.bought_on) as until
    from told
    left join bought_again on told.n = bought_again.n and told.event_id = bought_again.event_id
),

stretches as (
    select
        n,
        case when event_type in ('subscription_started', 'subscription_renewed') then 12 else 11 end as rank,
        event_date as valid_from,
        until as valid_to,
        'event' as cause,
        event_id as evidence
    from statuses
    where event_type <> 'subscription_ended'
    union all
    select n, 10, event_date, least(until, event_date + 91), 'event', event_id
    from statuses
    where event_type = 'subscription_ended'
    union all
    select n, 9, event_date + 91, until, 'clock', event_id
    from statuses
    where event_type = 'subscription_ended'
),

-- Of several at once (a firm with one for each of its people) stretches of one rank that touch are one: whoever
-- looks for the highest counts few of a kind.
parted as (
    select
        *,
        max(coalesce(valid_to, date 'infinity')) over (
            partition by n, rank order by valid_from, evidence rows between unbounded preceding and 1 preceding
        ) as held_until
    from stretches
    where coalesce(valid_from < valid_to, true)
),

numbered as (
    select
        *,
        count(*) filter (where held_until is null or held_until < valid_from) over (
            partition by n, rank order by valid_from, evidence rows unbounded preceding
        ) as island
    from parted
)

select
    n,
    rank,
    min(valid_from) as valid_from,
    case when count(*) = count(valid_to) then max(valid_to) end as valid_to,
    arg_min(cause, (valid_from, evidence)) as cause,
    arg_min(evidence, (valid_from, evidence)) as evidence,
    null::varchar as end_cause,
    null::varchar as end_evidence
from numbered
group by n, rank, island
