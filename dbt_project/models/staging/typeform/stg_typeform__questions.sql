-- One row per question of a form and stretch of time in which it was worded so. Forms are edited and deleted, and an
-- answer is worth what was asked: the oldest wording we know holds for all before it.
{{ config(materialized='view') }}

with versions as (
    select
        _key as form_id,
        payload -> '$.fields' as fields,
        case when _ordinal > 1 then _recorded_at end as worded_from,
        lead(_recorded_at) over (partition by _account, _key, _via order by _ordinal) as worded_until
    from {{ history(source('raw_typeform', 'forms')) }}
),

questions as (
    select
        form_id,
        worded_from,
        worded_until,
        unnest(from_json(
            fields,
            '[{"ref": "VARCHAR", "title": "VARCHAR", "type": "VARCHAR", "validations": {"required": "BOOLEAN"}}]'
        )) as question
    from versions
)

select
    form_id,
    question.ref as question_ref,
    question.title as question_text,
    question.type as question_type,
    coalesce(question.validations.required, false) as is_required,
    worded_from,
    worded_until
from questions
