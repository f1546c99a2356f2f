-- One row per part of an answered question of a submission and per ticked box, with the question as it was worded
-- then. Questions nobody answered are told too, without an answer.
{{ config(materialized='view') }}

with submissions as (
    select
        account,
        response_key,
        form_id,
        answered_at,
        payload -> '$.answers' as answers,
        payload -> '$.columns' as columns
    from {{ form_responses('jotform') }}
),

numbered as (
    select * exclude (columns), unnest(json_keys(answers)) as question_id
    from submissions
),

told as (
    select
        account,
        response_key,
        form_id,
        answered_at,
        question_id,
        json_extract(answers, '/' || replace(replace(question_id, '~', '~0'), '/', '~1')) as answer
    from numbered

    union all

    select
        account,
        response_key,
        form_id,
        answered_at,
        null as question_id,
        unnest(from_json(columns, '["JSON"]')) as answer
    from submissions
    -- A file has no numbers, and what the platform itself told knows more.
    where answers is null
),

asked as (
    select
        told.account,
        told.response_key,
        told.form_id,
        coalesce(told.question_id, {{ name_key("told.answer ->> '$.text'") }}, '') as question_ref,
        coalesce(questions.question_text, told.answer ->> '$.text') as question_text,
        coalesce(told.answer ->> '$.type', questions.question_type, '') as jotform_type,
        told.answer ->> '$.name' as question_name,
        questions.is_required,
        questions.is_checked_by_default,
        told.answer -> '$.answer' as value
    from told
    left join {{ ref('stg_jotform__questions') }} as questions
        on
            told.account = questions.account
            and told.form_id = questions.form_id
            and told.question_id = questions.question_id
            and coalesce(told.answered_at >= questions.worded_from, true)
            and coalesce(told.answered_at < questions.worded_until, true)
    where coalesce(json_type(told.answer -> '$.answer'), 'NULL') <> 'NULL'
),

-- A question of several parts is an object, and each tool names them its own way.
parted as (
    select
        *,
        unnest([
            struct_pack(part := 'first_name', words := value ->> '$.first'),
            struct_pack(part := 'last_name', words := value ->> '$.last'),
            struct_pack(
                part := 'phone_number',
                words := coalesce(value ->> '$.full', concat_ws(' ', value ->> '$.area', value ->> '$.phone'))
            ),
            struct_pack(
                part := 'street', words := concat_ws(' ', value ->> '$.addr_line1', value ->> '$.addr_line2')
            ),
            struct_pack(part := 'city', words := value ->> '$.city'),
            struct_pack(part := 'postcode', words := value ->> '$.postal'),
            struct_pack(part := 'country', words := value ->> '$.country')
        ]) as told
    from asked
    where json_type(value) = 'OBJECT' and jotform_type in ('control_fullname', 'control_phone', 'control_address')
),

boxes as (
    select
        *,
        unnest(case json_type(value) when 'ARRAY' then from_json(value, '["VARCHAR"]') else [value ->> '$'] end) as box
    from asked
    where jotform_type = 'control_checkbox' and json_type(value) in ('ARRAY', 'VARCHAR')
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
    told.part as answer_type,
    trim(told.words) as answer_text
from parted
where trim(told.words) <> ''

union all

{{ ticked_boxes() }}

union all

select
    account,
    response_key,
    form_id,
    case when jotform_type = 'control_hidden' then question_name else question_ref end as question_ref,
    question_text,
    'text' as question_type,
    is_required,
    false as is_checked_by_default,
    case jotform_type
        when 'control_email' then 'email'
        when 'control_phone' then 'phone_number'
        when 'control_hidden' then 'hidden'
        else 'text'
    end as answer_type,
    trim(case
        when json_type(value) = 'ARRAY' then array_to_string(from_json(value, '["VARCHAR"]'), '; ')
        else value ->> '$'
    end) as answer_text
from asked
where jotform_type <> 'control_checkbox' and json_type(value) <> 'OBJECT'
