-- One row per act that speaks for us or against us, with its points and the days in which they count.
-- A hard act is behaviour or a statement with effort (a friend who bought, a review in words); likes and
-- follows cost nothing and stand nowhere.
{{ config(materialized='kept', settled_by='lifecycle', keys=['n'], stale=['int_lifecycle__scope']) }}

with customers as (
    select subject_id as customer_id, n from {{ ref('int_lifecycle__scope') }} where not is_account
),

events as (
    select customers.customer_id, told.*
    from {{ ref('int_lifecycle__events') }} as told
    inner join customers on told.n = customers.n
    where told.event_type in (
        'referral_converted', 'review_written', 'nps_given', 'ugc_permitted', 'testimonial_given',
        'case_study_given', 'reference_call_given'
    )
),

referrals as (
    select
        customers.customer_id, customers.n, told.event_id, told.converted_on as act_date, told.reversed_on,
        told.end_cause
    from {{ ref('int_referrals__converted') }} as told
    inner join customers on told.customer_id = customers.customer_id
    union all
    -- A referral tool may tell the conversion itself.
    select customer_id, n, event_id, event_date, null, null
    from events
    where event_type = 'referral_converted'
),

-- A friend who raised a hand and has not bought yet: worth a point until they buy, for then it is a referral.
interested as (
    select
        customers.customer_id,
        customers.n,
        links.event_id,
        greatest(links.valid_from, prospects.valid_from) as act_date,
        least(links.valid_to, prospects.valid_to) as reversed_on
    from {{ ref('int_referrals') }} as links
    inner join customers on links.referrer_id = customers.customer_id
    inner join {{ ref('stage__prospect') }} as prospects on {{ digest('links.referee_id') }} = prospects.n
    where links.status = 'waiting'
),

orders as (
    select n, order_name, min(valid_from) as bought_on
    from {{ scope_of(ref('int_valid_orders')) }}
    group by n, order_name
),

reviews as (
    select
        events.customer_id,
        events.n,
        events.event_id,
        events.event_date as act_date,
        (events.details ->> '$.stars')::integer as stars,
        (events.details ->> '$.characters')::integer >= 40 as is_in_words,
        case when (events.details ->> '$.is_rewarded')::boolean then 0.5 else 1 end as share,
        -- Verified by the order it names, else by the customer having bought by then.
        bool_or(coalesce(orders.order_name = (events.details ->> '$.order_name'), true)) filter (
            where orders.n is not null
        ) as is_verified
    from events
    left join orders on events.n = orders.n and orders.bought_on <= events.event_date
    where events.event_type = 'review_written'
    group by all
),

answers as (
    select
        customer_id,
        n,
        event_id,
        event_date as act_date,
        (details ->> '$.score')::integer as score,
        -- Only the latest answer counts.
        lead(event_date) over (partition by n order by occurred_at, event_id) as next_answer_on
    from events
    where event_type = 'nps_given'
),

acts as (
    select
        customer_id, n, event_id, act_date, 'referral' as act, 5.0 as points, true as is_hard, false as is_against,
        reversed_on, {{ var('lifecycle')['ambassador_window_days'] }} as counts_days, 3 as most_a_year, end_cause
    from referrals
    union all by name
    select
        customer_id, n, event_id, act_date, 'interested friend' as act, 1.0 as points, false as is_hard,
        false as is_against, reversed_on, {{ var('lifecycle')['ambassador_window_days'] }} as counts_days
    from interested
    union all by name
    select
        customer_id, n, event_id, act_date, 'review' as act, 2.0 * share as points, true as is_hard,
        false as is_against, {{ var('lifecycle')['ambassador_window_days'] }} as counts_days, 2 as most_a_year
    from reviews where stars >= 4 and is_in_words and is_verified
    union all by name
    select
        customer_id, n, event_id, act_date, 'stars' as act, 0.5 * share as points, false as is_hard,
        false as is_against, {{ var('lifecycle')['ambassador_window_days'] }} as counts_days
    from reviews where stars >= 4 and not is_in_words and is_verified
    union all by name
    select
        customer_id, n, event_id, act_date, 'promoter' as act, 1.0 as points, false as is_hard, false as is_against,
        next_answer_on as reversed_on, 365 as counts_days
    from answers where score >= 9
    union all by name
    select
        customer_id, n, event_id, event_date as act_date,
        case when event_type in ('ugc_permitted', 'testimonial_given') then 'testimonial' else 'reference' end as act,
        case when event_type in ('ugc_permitted', 'testimonial_given') then 2.0 else 4.0 end as points,
        true as is_hard, false as is_against, {{ var('lifecycle')['ambassador_window_days'] }} as counts_days
    from events
    where event_type in ('ugc_permitted', 'testimonial_given', 'case_study_given', 'reference_call_given')
    union all by name
    select
        customer_id, n, event_id, act_date, 'bad review' as act, 0.0 as points, false as is_hard, true as is_against
    from reviews where stars <= 2
    union all by name
    select
        customer_id, n, event_id, act_date, 'detractor' as act, 0.0 as points, false as is_hard, true as is_against
    from answers where score <= 6
)

select
    customer_id,
    n,
    event_id,
    act,
    act_date as valid_from,
    least(act_date + counts_days::integer, reversed_on) as valid_to,
    points,
    is_hard,
    is_against,
    -- How many of its kind count in any 365 days. Which ones those are depends on the day: int_advocacy_states.
    most_a_year,
    reversed_on,
    case
        when reversed_on < act_date + counts_days::integer then coalesce(end_cause, 'evidence_expired')
        else 'evidence_expired'
    end as end_cause
from acts
-- Withdrawn on its own day: a newer answer, an order sent back at once.
where coalesce(reversed_on > act_date, true)
