-- One row per question of a form and stretch of time in which it was worded so; the oldest wording we know holds
-- for all before it.
{{ config(materialized='view') }}

with versions as (
    select
        _account as account,
        _key as form_id,
        payload -> '$.questions' as questions,
        case when _ordinal > 1 then _recorded_at end as worded_from,
        lead(_recorded_at) over (partition by _account, _key, _via order by _ordinal) as worded_until
    from {{ history(source('raw_jotform', 'forms')) }}
),

numbered as (
    select *, unnest(json_keys(questions)) as question_id
    from versions
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
