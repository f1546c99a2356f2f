-- One row per contact point, channel and purpose: may we on the given day, and why. The rules stand in
-- macros/permission/, one a file; permission_rules() is their order, and the first that fits decides.
--
-- A view: it answers for any day a reader sets (as_of), and with every act known at that moment. Quiet hours, caps
-- and whether anything arrives there are other questions.
{% set rules = permission_rules() %}
with objections as (
    select
        points.point_key,
        unnest(case when len(said.channels) = 0 then ['*'] else said.channels end) as channel,
        said.objected_at,
        said.consent_act_id
    from {{ ref('int_objections') }} as said
    inner join {{ ref('int_consent_points') }} as points
        on said.contact_type = points.contact_type and said.contact_value = points.contact_value
),

objected as (
    select
        point_key,
        channel,
        max(objected_at) as objected_at,
        arg_max(consent_act_id, (objected_at, consent_act_id)) as objection_id
    from objections
    group by point_key, channel
),

facts as (
    select
        questions.*,
        acts.* exclude (point_key, channel, purpose, no_by, yes_by),
        relations.* exclude (point_key, channel, purpose),
        confirmed.confirmed_at,
        split_part(acts.no_by, '|', 1) as no_act,
        acts.no_by[position('|' in acts.no_by) + 1:] as no_id,
        acts.yes_by[11:] as yes_id,
        acts.point_key is not null or relations.point_key is not null as has_acts,
        case
            when acts.yes_by is null then null
            when questions.consent_months is null then nullif(acts.yes_by[:10], '9999-12-31')::date
            else least(
                acts.yes_by[:10]::date,
                ({{ local_day('acts.yes_at') }} + to_months(questions.consent_months::integer))::date
            )
        end as consent_ends_on,
        wide.objected_at,
        wide.objection_id,
        stops.objected_at as stopped_at,
        stops.objection_id as stop_id
    from {{ ref('int_consent_questions') }} as questions
    left join {{ ref('int_consent_said') }} as acts
        on
            questions.point_key = acts.point_key
            and questions.channel = acts.channel
            and questions.purpose = acts.purpose
    left join {{ ref('int_consent_relations') }} as relations
        on
            questions.point_key = relations.point_key
            and questions.channel = relations.channel
            and questions.purpose = relations.purpose
    left join {{ ref('int_consent_confirmed') }} as confirmed
        on questions.point_key = confirmed.point_key and questions.channel = confirmed.channel
    left join objected as wide on questions.point_key = wide.point_key and wide.channel = '*'
    left join objected as stops on questions.point_key = stops.point_key and questions.channel = stops.channel
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
