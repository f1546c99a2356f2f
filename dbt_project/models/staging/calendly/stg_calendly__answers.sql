-- One row per thing told when booking: who booked, the answers to the company's questions, ticked boxes, and where the
-- booking page was opened from. No way tells which question is a box: a ticked one stands as its own words.
{{ config(materialized='view') }}

with bookings as (
    select
        account,
        response_key,
        form_id,
        payload ->> '$.email' as email,
        payload ->> '$.first_name' as first_name,
        payload ->> '$.last_name' as last_name,
        payload ->> '$.name' as full_name,
        -- Given to be reminded by text, or to be called at.
        coalesce(
            payload ->> '$.text_reminder_number',
            case payload ->> '$.scheduled_event.location.type'
                when 'outbound_call' then payload ->> '$.scheduled_event.location.location'
            end
        ) as phone,
        payload -> '$.questions_and_answers' as answers,
        payload -> '$.tracking' as tracking
    from {{ form_responses('calendly') }}
),

who as (
    select
        account,
        response_key,
        form_id,
        unnest([
            struct_pack(told_as := 'email', words := email),
            struct_pack(told_as := 'first_name', words := first_name),
            struct_pack(told_as := 'last_name', words := last_name),
            -- Asked for in two, the whole is put together from them.
            struct_pack(
                told_as := 'full_name', words := case when coalesce(first_name, last_name) is null then full_name end
            ),
            struct_pack(told_as := 'phone_number', words := phone)
        ]) as told
    from bookings
),

sources as (
    select
        account,
        response_key,
        form_id,
        tracking,
        unnest(json_keys(tracking)) as name
    from bookings
    where json_type(tracking) = 'OBJECT'
),

questions as (
    select
        account,
        response_key,
        form_id,
        unnest(from_json(answers, '["JSON"]')) as answer
    from bookings
    where json_type(answers) = 'ARRAY'
),

asked as (
    select
        account,
        response_key,
        form_id,
        coalesce({{ name_key("answer ->> '$.question'") }}, '') as question_ref,
        answer ->> '$.question' as question_text,
        answer ->> '$.answer' as answer_text,
        regexp_matches(
            answer ->> '$.answer', '^(j.accepte|je souhaite|oui,|yes,|i agree|i accept|i consent|i would like)\s', 'i'
        ) as is_box
    from questions
),

boxes as (
    select
        account,
        response_key,
        form_id,
        question_ref,
        question_text,
        false as is_required,
        false as is_checked_by_default,
        unnest(string_split(answer_text, chr(10))) as box
    from asked
    where is_box
)

select
    account,
    response_key,
    form_id,
    told.told_as as question_ref,
    null as question_text,
    'text' as question_type,
    false as is_required,
    false as is_checked_by_default,
    told.told_as as answer_type,
    trim(told.words) as answer_text
from who
where trim(told.words) <> ''

union all

{{ ticked_boxes() }}

union all

select
    account,
    response_key,
    form_id,
    question_ref,
    question_text,
    'text' as question_type,
    false as is_required,
    false as is_checked_by_default,
    'text' as answer_type,
    trim(answer_text) as answer_text
from asked
where not coalesce(is_box, false)

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
    trim({{ json_member('tracking', 'name') }}) as answer_text
from sources
