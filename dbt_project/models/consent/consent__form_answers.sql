-- One row per yes or no to a question about being written to or called, and channel its wording names; where the
-- form itself declares channels and purposes of a box, per each of those and whatever the words.
-- Here a no was said, so it is one. A question that must be accepted is not free, and a box that was ticked
-- beforehand proves nothing: neither grants anything.
with asked as (
    select
        responses.platform,
        responses.profile_id,
        responses.created_at,
        responses.ingested_at,
        answers.form_id,
        answers.question_ref,
        answers.question_text,
        answers.answer_text = 'true' as is_yes,
        answers.shown_version,
        answers.locale,
        coalesce(answers.needs_confirmation, false) as needs_confirmation,
        coalesce(answers.purposes, ['marketing']) as purposes,
        unnest(coalesce(
            answers.channels,
            {{ named_channels("answers.question_ref || ' ' || coalesce(answers.question_text, '')") }}
        )) as channel
    from {{ ref('stg_forms__answers') }} as answers
    inner join {{ ref('stg_forms__responses') }} as responses
        on
            responses.profile_id
            = answers.platform || ':' || answers.account || ':' || responses.object || ':' || answers.response_key
    where
        answers.answer_type = 'boolean'
        and not responses.is_test
        and not (answers.question_type in ('legal', 'box') and coalesce(answers.is_required, false))
        and not coalesce(answers.is_checked_by_default, false)
        -- "Did our mail reach you?" asks for no permission; neither does a call about one's own request. A noun is
        -- enough in a question one says yes to, but "Which offers interest you? Phone cases" is a ticked box, too.
        and (
            answers.channels is not null
            or answers.question_type = 'legal'
            or regexp_matches(
                {{ name_key("answers.question_ref || ' ' || coalesce(answers.question_text, '')") }},
                'accept|agree|recevoir|receive|send me|text me|may we|pouvons nous|consent|inscri|subscri'
            )
            or coalesce(answers.question_type, '') <> 'box'
            and regexp_matches(
                {{ name_key("answers.question_ref || ' ' || coalesce(answers.question_text, '')") }},
                'offres|offers|newsletter'
            )
        )
        and (answers.channels is not null or not coalesce(regexp_matches(
            {{ name_key('answers.question_text') }}, '(ma|votre) demande|(my|your) (request|quote)'
        ), false))
),

meant as (
    select * exclude (purposes), unnest(purposes) as purpose from asked
)

select
    concat_ws(':', profile_id, 'answer', question_ref, channel, nullif(purpose, 'marketing')) as consent_act_id,
    profile_id,
    platform,
    channel,
    purpose,
    case when is_yes then 'grant' else 'deny' end as act,
    'person' as actor,
    'consent' as basis,
    created_at as occurred_at,
    'second' as occurred_at_precision,
    ingested_at,
    profile_id as evidence_record_id,
    concat_ws(
        ':', form_id, question_ref, coalesce(shown_version, left(sha256(coalesce(question_text, '')), 16))
    ) as wording_version,
    question_text as wording_text,
    locale,
    form_id as collection_point,
    -- What a click in a mail confirms is its mailbox.
    needs_confirmation and channel = 'email' and is_yes as needs_confirmation,
    case when is_yes then 'said yes on a form' else 'said no on a form' end as reason
from meant
