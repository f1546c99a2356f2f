-- One row per customer whom we may write to or call and for whom there is something to do: one plain suggestion and
-- its reason. The rules stand in macros/next_act/, one a file; the first that fits is the one. Nobody is here whom we
-- may not contact on the given day; whether a message may leave is asked again when it does (firsthand export).
{% set rules = next_act_rules() %}
with voices as (
    select customer_id, max(event_date) as last_review_on
    from {{ ref('int_customer_events') }}
    where event_type = 'review_written'
    group by customer_id
),

sent as (
    select
        referrer_customer_id as customer_id,
        max(given_on) as last_given_on,
        max(converted_on) filter (where status = 'converted') as last_converted_on
    from {{ ref('referrals') }}
    group by referrer_customer_id
),

facts as (
    select
        customers.*,
        voices.last_review_on,
        sent.last_given_on,
        sent.last_converted_on,
        coalesce(customers.last_nps <= 6 or customers.average_stars <= 2, false) as is_unhappy
    from {{ ref('customers') }} as customers
    left join voices on customers.customer_id = voices.customer_id
    left join sent on customers.customer_id = sent.customer_id
    where
        (customers.can_email or customers.can_sms or customers.can_post or customers.can_call)
        -- Nobody writes to the dead, or to a firm that has closed.
        and coalesce(customers.activity not in ('deceased', 'closed'), true)
),

judged as (
    select *, {{ first_that_fits(rules) }} as rule_number
    from facts
)

select
    customer_id,
    {{ said_by_rule(rules, 'act') }} as act,
    preferred_channel as channel,
    {{ said_by_rule(rules, 'en') }} as reason_en,
    {{ said_by_rule(rules, 'fr') }} as reason_fr
from judged
where rule_number is not null
