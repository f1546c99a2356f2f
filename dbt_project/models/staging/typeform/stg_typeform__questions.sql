-- One row per question of a form and stretch of time in which it was worded so.
{{ config(materialized='view') }}

with questions as (
    select
        account,
        form_id,
        worded_from,
        worded_until,
        unnest(from_json(
            payload -> '$.fields',
            '[{"ref": "VARCHAR", "title": "VARCHAR", "type": "VARCHAR", "validations": {"required": "BOOLEAN"}}]'
        )) as question
    from {{ form_versions('typeform') }}
)

select
    account,
    form_id,
    question.ref as question_ref,
    question.title as question_text,
    question.type as question_type,
    coalesce(question.validations.required, false) as is_required,
    worded_from,
    worded_until
from questions
