-- One row per answered question of a response and per ticked box, with the question as it was worded then. Google has
-- no hidden fields: a question called utm_source is one that a link filled in.
{{ config(materialized='view') }}

with responses as (
    select
        account,
        response_key,
        form_id,
        answered_at,
        payload ->> '$.respondentEmail' as address,
        payload -> '$.answers' as answers,
        payload -> '$.columns' as columns
    from {{ form_responses('google_forms') }}
),

numbered as (
    select * exclude (columns), unnest(json_keys(answers)) as question_id
    from responses
    where json_type(answers) = 'OBJECT'
),

told as (
    select
        numbered.account,
        numbered.response_key,
        numbered.form_id,
        numbered.question_id as question_ref,
        questions.question_text,
        questions.question_type as google_type,
        questions.is_required,
        list_transform(
            from_json(
                json_extract(
                    numbered.answers, '/' || replace(replace(numbered.question_id, '~', '~0'), '/', '~1')
                ) -> '$.textAnswers.answers',
                '[{"value": "VARCHAR"}]'
            ),
            lambda one: struct_extract(one, 'value')
        ) as chosen
    from numbered
    left join {{ ref('stg_google_forms__questions') }} as questions
        on
            numbered.account = questions.account
            and numbered.form_id = questions.form_id
            and numbered.question_id = questions.question_id
            and coalesce(numbered.answered_at >= questions.worded_from, true)
            and coalesce(numbered.answered_at < questions.worded_until, true)

    union all by name

    select
        account,
        response_key,
        form_id,
        coalesce({{ name_key("answer ->> '$.title'") }}, '') as question_ref,
        answer ->> '$.title' as question_text,
        answer ->> '$.type' as google_type,
        case json_type(answer -> '$.answer')
            when 'ARRAY' then from_json(answer -> '$.answer', '["VARCHAR"]')
            else [answer ->> '$.answer']
        end as chosen
    from (
        select * exclude (columns), unnest(from_json(columns, '["JSON"]')) as answer
        from responses
        -- A file has no numbers, and what the platform itself told knows more.
        where answers is null
    ) as lines
),

boxes as (
    select
        account,
        response_key,
        form_id,
        question_ref,
        question_text,
        coalesce(is_required, false) as is_required,
        -- a form of Google's ticks nothing beforehand, unless its link does
        false as is_checked_by_default,
        unnest(chosen) as box
    from told
    where google_type = 'CHECKBOX'
)

select
    account,
    response_key,
    form_id,
    'respondent_email' as question_ref,
    null as question_text,
    'text' as question_type,
    false as is_required,
    false as is_checked_by_default,
    'email' as answer_type,
    trim(address) as answer_text
from responses
where address is not null

union all

{{ ticked_boxes() }}

union all

select
    account,
    response_key,
    form_id,
    case when regexp_full_match(question_text, 'utm_[a-z]+') then question_text else question_ref end as question_ref,
    question_text,
    'text' as question_type,
    coalesce(is_required, false) as is_required,
    false as is_checked_by_default,
    case when regexp_full_match(question_text, 'utm_[a-z]+') then 'hidden' else 'text' end as answer_type,
    trim(array_to_string(chosen, '; ')) as answer_text
from told
where coalesce(google_type, '') <> 'CHECKBOX'
