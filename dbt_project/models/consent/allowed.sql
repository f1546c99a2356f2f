-- One row per contact point, channel and purpose: may we on the given day, and why. The rules stand in
-- macros/permission/, one a file; permission_rules() is their order, and the first that fits decides.
--
-- A view: it answers for any day a reader sets (as_of), and with every act known at that moment. Quiet hours, caps
-- and whether anything arrives there are other questions.
{% set rules = permission_rules() %}
with objections as (
    select
        contact_type,
        contact_value,
        unnest(case when len(channels) = 0 then ['*'] else channels end) as channel,
        objected_at,
        consent_act_id
    from {{ ref('int_objections') }}
),

objected as (
    select
        contact_type,
        contact_value,
        channel,
        max(objected_at) as objected_at,
        arg_max(consent_act_id, (objected_at, consent_act_id)) as objection_id
    from objections
    group by contact_type, contact_value, channel
),

facts as (
    select
        questions.*,
        acts.* exclude (contact_type, contact_value, channel, purpose),
        acts.contact_value is not null as has_acts,
        least(
            acts.yes_by.expires_on,
            ({{ local_day('acts.yes_at') }} + to_months(questions.consent_months::integer))::date
        ) as consent_ends_on,
        greatest(wide.objected_at, stops.objected_at) as objected_at,
        case
            when coalesce(wide.objected_at >= stops.objected_at, stops.objected_at is null) then wide.objection_id
            else stops.objection_id
        end as objection_id
    from {{ ref('int_consent_questions') }} as questions
    left join {{ ref('int_consent_weighed') }} as acts
        on
            questions.contact_type = acts.contact_type
            and questions.contact_value = acts.contact_value
            and questions.channel = acts.channel
            and questions.purpose = acts.purpose
    left join objected as wide
        on
            questions.contact_type = wide.contact_type
            and questions.contact_value = wide.contact_value
            and wide.channel = '*'
    left join objected as stops
        on
            questions.contact_type = stops.contact_type
            and questions.contact_value = stops.contact_value
            and questions.channel = stops.channel
),

judged as (
    select *, {{ first_that_fits(rules) }} as rule_number from facts
),

told as (
    select
        *,
        {{ said_by_rule(rules, 'reason') }} as reason,
        {{ said_by_rule(rules, 'basis') }} as basis,
        {{ said_by_rule(rules, 'ends') }} as expires_on,
        {{ said_by_rule(rules, 'act') }} as decided_by_act
    from judged
)

select
    contact_type,
    contact_value,
    match_value,
    channel,
    purpose,
    recipient,
    jurisdiction,
    law,
    has_acts,
    basis is not null as is_allowed,
    reason,
    basis,
    expires_on,
    decided_by_act
from told
