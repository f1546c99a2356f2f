-- One row per question somebody's acts bear on: the latest yes, no and confirmation of the person, and
-- what systems merely assert. A yes holds for the very address it was given on; a no for every spelling
-- of the mailbox, and a no to marketing closes every promotional purpose of the channel.
with acts as (
    select
        *,
        act in ('deny', 'withdraw', 'object', 'complaint', 'asserted_optout') as is_no,
        act in ('grant', 'confirm') and (actor = 'person' or (actor = 'staff' and proof_ref is not null)) as is_yes,
        -- A no counts as soon as it is known or happened, a yes from when it happened.
        {{ local_day("case when act in ('deny', 'withdraw', 'object', 'complaint', 'asserted_optout')
            then least(occurred_at, ingested_at) else occurred_at end") }} as counts_from
    from {{ ref('consent_acts') }}
)

select
    questions.contact_type,
    questions.contact_value,
    questions.channel,
    questions.purpose,
    max(acts.occurred_at) filter (where acts.is_no) as no_at,
    -- Two systems often tell of one no: then the act of the person explains it, not the block it led to.
    arg_max(acts.act, (acts.occurred_at, acts.act <> 'asserted_optout', acts.consent_act_id))
    filter (where acts.is_no) as no_act,
    arg_max(acts.consent_act_id, (acts.occurred_at, acts.act <> 'asserted_optout', acts.consent_act_id))
    filter (where acts.is_no) as no_act_id,
    max(acts.occurred_at) filter (where acts.is_yes) as yes_at,
    arg_max(acts.consent_act_id, (acts.occurred_at, acts.act, acts.consent_act_id)) filter (where acts.is_yes)
        as yes_act_id,
    max(acts.occurred_at) filter (where acts.is_yes and acts.act = 'confirm') as confirmed_at,
    coalesce(
        arg_max(acts.needs_confirmation, (acts.occurred_at, acts.needs_confirmation)) filter (where acts.act = 'grant'),
        false
    ) as needs_confirmation,
    max(acts.occurred_at) filter (where acts.act = 'asserted_grant') as asserted_at,
    max(acts.occurred_at) filter (where acts.basis = 'implied_purchase') as purchased_at,
    max(acts.occurred_at) filter (where acts.basis = 'implied_inquiry') as inquired_at,
    max(acts.occurred_at) filter (where acts.basis = 'soft_opt_in') as soft_opt_in_at,
    arg_max(acts.consent_act_id, (acts.occurred_at, acts.consent_act_id))
    filter (where not acts.is_no and not acts.is_yes) as other_act_id
from {{ ref('int_consent_questions') }} as questions
inner join acts
    on
        questions.contact_type = acts.contact_type
        and questions.match_value = acts.match_value
        and questions.channel = acts.channel
        and (
            (acts.contact_value = questions.contact_value and acts.purpose = questions.purpose)
            or (acts.is_no and acts.purpose in (questions.purpose, 'marketing'))
        )
where acts.counts_from <= {{ as_of('permission') }}
group by all
