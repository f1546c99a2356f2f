-- One row per contact point, channel and purpose: may we, on the given day, and why. Nine steps, the first
-- that fits decides:
--   1 erased: such a record never gets past the door          6 the person's latest act is a yes
--   2 the person objected as a whole, and said no yes since   7 a relation or a law allows it for now
--   3 their latest act counts, a tie goes to no               8 a system asserts a yes nobody can prove
--   4 that act is a no, whatever else allows it               9 nobody ever asked
--   5 a yes that still waits for its confirmation
-- What a system asserts never undoes a no.
{{ config(materialized='table') }}

with weighed as (
    select
        questions.*,
        acts.* exclude (contact_type, contact_value, channel, purpose),
        objections.consent_act_id as objection_act_id,
        coalesce(coalesce(acts.yes_at <= objections.objected_at, true) and objections.objected_at is not null, false)
            as has_objected,
        acts.no_at is not null and coalesce(acts.no_at >= acts.yes_at, true) as said_no_last,
        -- A confirmation covers later grants unless a no lies between.
        coalesce(acts.confirmed_at > acts.no_at, acts.confirmed_at is not null) as is_confirmed,
        (acts.purchased_at + to_months(questions.purchase_months::integer))::date as purchase_expires_on,
        (acts.inquired_at + to_months(questions.inquiry_months::integer))::date as inquiry_expires_on,
        case
            when {{ var('permission')['soft_opt_in'] }}
                then (acts.soft_opt_in_at + to_months(questions.soft_opt_in_months::integer))::date
        end as soft_opt_in_expires_on
    from {{ ref('int_consent_questions') }} as questions
    left join {{ ref('int_consent_weighed') }} as acts
        on
            questions.contact_type = acts.contact_type
            and questions.contact_value = acts.contact_value
            and questions.channel = acts.channel
            and questions.purpose = acts.purpose
    left join {{ ref('int_objections') }} as objections
        on questions.contact_type = objections.contact_type and questions.contact_value = objections.contact_value
),

decided as (
    select
        *,
        case
            when has_objected then 'objected'
            when said_no_last
                then
                    case no_act
                        when 'deny' then 'said_no'
                        when 'withdraw' then 'unsubscribed'
                        when 'complaint' then 'complained'
                        when 'object' then 'objected'
                        else 'blocked_in_tool'
                    end
            when yes_at is not null and (needs_double_opt_in or needs_confirmation) and not is_confirmed
                then 'not_confirmed'
            when yes_at is not null then 'consent'
            when purchase_expires_on > {{ as_of('permission') }} then 'implied_purchase'
            when inquiry_expires_on > {{ as_of('permission') }} then 'implied_inquiry'
            when soft_opt_in_expires_on > {{ as_of('permission') }} then 'soft_opt_in'
            when regime = 'opt_out' then 'legitimate_interest'
            when is_role and allows_generic_addresses then 'b2b_relevance'
            when
                asserted_at is not null and not needs_double_opt_in
                and {{ var('permission')['accept_unproven_imports'] }} then 'proof_missing'
            when asserted_at is not null then 'unproven'
            when coalesce(purchase_expires_on, inquiry_expires_on, soft_opt_in_expires_on) is not null then 'expired'
            else 'never_asked'
        end as reason
    from weighed
)

select
    contact_type,
    contact_value,
    channel,
    purpose,
    policy_country,
    reason in (
        'consent', 'implied_purchase', 'implied_inquiry', 'soft_opt_in', 'legitimate_interest', 'b2b_relevance',
        'proof_missing'
    ) as is_allowed,
    reason,
    case
        when reason = 'proof_missing' then 'consent'
        when reason in (
            'consent', 'implied_purchase', 'implied_inquiry', 'soft_opt_in', 'legitimate_interest', 'b2b_relevance'
        ) then reason
    end as basis,
    case reason
        when 'implied_purchase' then purchase_expires_on
        when 'implied_inquiry' then inquiry_expires_on
        when 'soft_opt_in' then soft_opt_in_expires_on
    end as expires_on,
    case
        when has_objected then objection_act_id
        when said_no_last then no_act_id
        when yes_at is not null then yes_act_id
        else other_act_id
    end as decided_by_act
from decided
