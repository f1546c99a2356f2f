-- One row per question of a form, with its wording.
with questions as (
    select
        form_id,
        unnest(from_json(
            fields,
            '[{"ref": "VARCHAR", "title": "VARCHAR", "type": "VARCHAR", "validations": {"required": "BOOLEAN"}}]'
        )) as question
    from {{ ref('stg_typeform__forms') }}
)

select
    form_id,
    question.ref as question_ref,
    question.title as question_text,
    question.type as question_type,
    coalesce(question.validations.required, false) as is_required
from questions
