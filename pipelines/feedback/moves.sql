-- One row per lead of this platform and stage that its person entered afterwards: the platform's own name of the lead, when
-- the stage was entered, what the act that moved them was worth, and whether the move was taken back since.
-- $platform; $zone: days are the company's.
with leads as (
    select
        owners.customer_id,
        events.profile_id as lead_id,
        regexp_extract(events.profile_id, '[^:]+$') as own_id,
        events.details ->> '$.click' as click_id,
        events.occurred_at as led_at
    from contracts.events as events
    inner join identity.int_customer_profiles as owners using (profile_id)
    where
        events.event_type = 'lead_created'
        and events.platform = $platform
        -- Google knows a lead again by its click and by nothing else we hold, Meta by its number, which a line of a
        -- file may lack. Whatever looks like neither was not given by them.
        and case
            when $platform = 'google_ads'
                then coalesce(regexp_full_match(events.details ->> '$.click', '[A-Za-z0-9][A-Za-z0-9_-]*'), false)
            else regexp_full_match(events.profile_id, '.*:[0-9]{5,20}')
        end
),

stages as (
    select * from marts.customer_stages where axis = 'stage'
),

-- The last time each stage was entered by going up.
entered as (
    select
        customer_id,
        value as stage,
        value_rank,
        max(valid_from) as day,
        arg_max(evidence, valid_from) as evidence
    from stages
    where not is_reversal
    group by customer_id, value, value_rank
),

-- A refund or a cancellation afterwards, and no way up again: the platform was told of nothing that lasted.
taken_back as (
    select entered.customer_id, entered.stage
    from entered
    inner join stages on entered.customer_id = stages.customer_id
    where stages.is_reversal and stages.valid_from >= entered.day and stages.value_rank < entered.value_rank
    group by entered.customer_id, entered.stage
),

-- The act that moved them: of an order, what was paid.
acts as (
    select
        entered.customer_id,
        entered.stage,
        min(events.occurred_at) as occurred_at,
        max(events.amount) filter (where events.event_type = 'order_paid') as amount,
        max(events.currency) filter (where events.event_type = 'order_paid') as currency
    from entered
    inner join contracts.events as events on entered.evidence = events.evidence
    inner join identity.int_customer_profiles as owners
        on events.profile_id = owners.profile_id and entered.customer_id = owners.customer_id
    where timezone($zone, events.occurred_at)::date = entered.day
    group by entered.customer_id, entered.stage
),

moves as (
    select
        leads.*,
        entered.stage,
        -- Of a stage entered without an act (a birthday of a rule) the day is known; never before the lead.
        greatest(
            coalesce(acts.occurred_at, timezone($zone, entered.day + interval 12 hour)),
            leads.led_at + interval 1 second
        ) as moved_at,
        acts.amount,
        acts.currency,
        taken_back.stage is not null as is_taken_back
    from leads
    inner join entered on leads.customer_id = entered.customer_id
    left join acts on entered.customer_id = acts.customer_id and entered.stage = acts.stage
    left join taken_back on entered.customer_id = taken_back.customer_id and entered.stage = taken_back.stage
    where entered.day >= timezone($zone, leads.led_at)::date
)

select
    *,
    -- Of several leads of one person the last before the move brought it.
    row_number() over (partition by customer_id, stage order by led_at desc, lead_id) = 1 as is_the_one
from moves
order by customer_id, stage, is_the_one desc
