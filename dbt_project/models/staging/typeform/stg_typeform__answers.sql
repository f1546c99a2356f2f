-- One row per answered question of a response, with the question as it was worded then, and one per value of the
-- page's address that the form was told to keep. For stg_forms__answers.
{{ config(materialized='view') }}

with responses as (
    select
        account,
        response_key,
        form_id,
        answered_at,
        payload -> '$.answers' as answers,
        payload -> '$.hidden' as hidden,
        from_json(payload -> '$.definition.fields', '[{"ref": "VARCHAR", "title": "VARCHAR"}]') as shown
    from {{ form_responses('typeform') }}
),

answers as (
    select * exclude (answers, hidden), unnest(from_json(answers, '["JSON"]')) as answer
    from responses
),

hidden_values as (
    select account, response_key, form_id, hidden, unnest(json_keys(hidden)) as name
    from responses
    where json_type(hidden) = 'OBJECT'
)

select
    answers.account,
    answers.response_key,
    answers.form_id,
    answer ->> '$.field.ref' as question_ref,
    -- A webhook brings the form as it was shown, a file the words of its columns.
    coalesce(
        questions.question_text,
        {{ title_shown('shown', "(answer ->> '$.field.ref')") }},
        answer ->> '$.field.title'
    ) as question_text,
    coalesce(answer ->> '$.field.type', questions.question_type) as question_type,
    questions.is_required,
    case when answer ->> '$.type' in ('email', 'phone_number', 'boolean') then answer ->> '$.type' else 'text' end
        as answer_type,
    -- The value sits under the key named by `type`; a choice holds a label.
    trim(case answer ->> '$.type'
        when 'choice' then coalesce(answer ->> '$.choice.label', answer ->> '$.choice.other')
        when 'choices' then array_to_string(from_json(answer -> '$.choices.labels', '["VARCHAR"]'), '; ')
        else {{ json_member('answer', "(answer ->> '$.type')") }}
    end) as answer_text
from answers
left join {{ ref('stg_typeform__questions') }} as questions
    on
        answers.account = questions.account
        and answers.form_id = questions.form_id
        and (answers.answer ->> '$.field.ref') = questions.question_ref
        and coalesce(answers.answered_at >= questions.worded_from, true)
        and coalesce(answers.answered_at < questions.worded_until, true)

union all by name

select
    account,
    response_key,
    form_id,
    name as question_ref,
    'hidden' as answer_type,
    trim({{ json_member('hidden', 'name') }}) as answer_text
from hidden_values
