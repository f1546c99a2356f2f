-- One row per answered question of a response, with the question as it was worded then.
with answers as (
    select
        _account as account,
        _key as token,
        payload ->> '$.form_id' as form_id,
        coalesce(_occurred_at, _first_seen_at) as answered_at,
        unnest(from_json(payload -> '$.answers', '["JSON"]')) as answer
    from {{ latest(source('raw_typeform', 'responses'), keep_deleted=true) }}
)

select
    answers.account,
    answers.token,
    answers.form_id,
    answer ->> '$.field.ref' as question_ref,
    questions.question_text,
    coalesce(answer ->> '$.field.type', questions.question_type) as question_type,
    questions.is_required,
    answer ->> '$.type' as answer_type,
    -- The value sits under the key named by `type`; a choice holds a label.
    trim(case answer ->> '$.type'
        when 'choice' then coalesce(answer ->> '$.choice.label', answer ->> '$.choice.other')
        when 'choices' then array_to_string(from_json(answer -> '$.choices.labels', '["VARCHAR"]'), '; ')
        else answer ->> ('$.' || (answer ->> '$.type'))
    end) as answer_text
from answers
left join {{ ref('stg_typeform__questions') }} as questions
    on
        answers.form_id = questions.form_id
        and (answers.answer ->> '$.field.ref') = questions.question_ref
        and coalesce(answers.answered_at >= questions.worded_from, true)
        and coalesce(answers.answered_at < questions.worded_until, true)
