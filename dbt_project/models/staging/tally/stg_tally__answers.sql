-- One row per answered question of a submission, per ticked box and per hidden field, with the question as it was
-- worded then. The API tells answers by question id; webhook and file tell them with the words people saw.
{{ config(materialized='view') }}

with submissions as (
    select
        account,
        response_key,
        form_id,
        answered_at,
        payload -> '$.responses' as responses,
        payload -> '$.fields' as fields
    from {{ form_responses('tally') }}
),

told_by_api as (
    select * exclude (responses, fields), unnest(from_json(responses, '["JSON"]')) as answer
    from submissions
),

told_by_others as (
    select * exclude (responses, fields), unnest(from_json(fields, '["JSON"]')) as field
    from submissions
    where responses is null
),

told as (
    select
        account,
        response_key,
        form_id,
        answered_at,
        answer ->> '$.questionId' as question_id,
        answer -> '$.answer' as value,
        null as label,
        null as told_type,
        null as told_options
    from told_by_api

    union all

    select
        account,
        response_key,
        form_id,
        answered_at,
        nullif(regexp_extract(field ->> '$.key', '^question_([^_]+)', 1), '') as question_id,
        field -> '$.value' as value,
        field ->> '$.label' as label,
        field ->> '$.type' as told_type,
        from_json(field -> '$.options', '[{"id": "VARCHAR", "text": "VARCHAR"}]') as told_options
    from told_by_others
    -- Boxes come once more, each as a field of its own.
    where not (coalesce(field ->> '$.type', '') = 'CHECKBOXES' and json_type(field -> '$.value') = 'BOOLEAN')
),

asked as (
    select
        told.* exclude (label, told_type, told_options, value),
        coalesce(told.told_type, questions.question_type) as tally_type,
        -- "Untitled checkboxes field" is nothing anybody read.
        case
            when not coalesce(told.label, questions.question_text) ilike 'untitled %'
                then coalesce(told.label, questions.question_text)
        end as question_text,
        coalesce(told.question_id, {{ name_key('told.label') }}, '') as question_ref,
        questions.is_required,
        questions.is_checked_by_default,
        told.value,
        case
            when json_type(told.value) = 'ARRAY'
                then {{ option_words('told.value', 'coalesce(told.told_options, questions.options)') }}
        end as chosen
    from told
    left join {{ ref('stg_tally__questions') }} as questions
        on
            told.account = questions.account
            and told.form_id = questions.form_id
            and told.question_id = questions.question_id
            and coalesce(told.answered_at >= questions.worded_from, true)
            and coalesce(told.answered_at < questions.worded_until, true)
),

boxes as (
    select * exclude (chosen), unnest(chosen) as box
    from asked
    where tally_type = 'CHECKBOXES'
),

hidden_values as (
    select * exclude (chosen), unnest(json_keys(value)) as name
    from asked
    where tally_type = 'HIDDEN_FIELDS' and json_type(value) = 'OBJECT'
)

select
    account,
    response_key,
    form_id,
    question_ref,
    question_text,
    'text' as question_type,
    is_required,
    false as is_checked_by_default,
    case tally_type when 'INPUT_EMAIL' then 'email' when 'INPUT_PHONE_NUMBER' then 'phone_number' else 'text' end
        as answer_type,
    trim(coalesce(array_to_string(chosen, '; '), value ->> '$')) as answer_text
from asked
where coalesce(tally_type, '') not in ('CHECKBOXES', 'HIDDEN_FIELDS')

union all

{{ ticked_boxes() }}

union all

select
    account,
    response_key,
    form_id,
    question_text as question_ref,
    null as question_text,
    null as question_type,
    false as is_required,
    false as is_checked_by_default,
    'hidden' as answer_type,
    trim(value ->> '$') as answer_text
from asked
where tally_type = 'HIDDEN_FIELDS' and json_type(value) <> 'OBJECT'

union all

select
    account,
    response_key,
    form_id,
    name as question_ref,
    null as question_text,
    null as question_type,
    false as is_required,
    false as is_checked_by_default,
    'hidden' as answer_type,
    trim({{ json_member('value', 'name') }}) as answer_text
from hidden_values
