-- One row per question of a form and stretch of time in which it was worded so.
{{ config(materialized='view') }}

with numbered as (
    select *, payload -> '$.questions' as questions, unnest(json_keys(payload -> '$.questions')) as question_id
    from {{ form_versions('jotform') }}
),

questions as (
    select * exclude (questions), json_extract(questions, '/' || question_id) as question
    from numbered
)

select
    account,
    form_id,
    question_id,
    question ->> '$.type' as question_type,
    question ->> '$.text' as question_text,
    coalesce(question ->> '$.required', 'No') = 'Yes' as is_required,
    -- the option that is chosen before anybody chose
    coalesce(question ->> '$.selected', '') <> '' as is_checked_by_default,
    worded_from,
    worded_until
from questions
