-- One row per question of a form and stretch of time in which it was worded so; of a grid, one per row of it.
{{ config(materialized='view') }}

with items as (
    select
        account,
        form_id,
        worded_from,
        worded_until,
        unnest(from_json(
            payload -> '$.items',
            '[{
                "title": "VARCHAR",
                "questionItem": {"question": {
                    "questionId": "VARCHAR", "required": "BOOLEAN", "choiceQuestion": {"type": "VARCHAR"}
                }},
                "questionGroupItem": {
                    "questions": [{
                        "questionId": "VARCHAR", "required": "BOOLEAN", "rowQuestion": {"title": "VARCHAR"}
                    }],
                    "grid": {"columns": {"type": "VARCHAR"}}
                }
            }]'
        )) as item
    from {{ form_versions('google_forms') }}
),

alone as (
    select account, form_id, worded_from, worded_until, item.title, item.questionitem.question as question
    from items
    where item.questionitem.question.questionid is not null
),

grids as (
    select
        account,
        form_id,
        worded_from,
        worded_until,
        item.title,
        item.questiongroupitem.grid.columns.type as chosen_as,
        unnest(item.questiongroupitem.questions) as question
    from items
)

select
    account,
    form_id,
    question.questionid as question_id,
    question.choicequestion.type as question_type,
    title as question_text,
    coalesce(question.required, false) as is_required,
    worded_from,
    worded_until
from alone

union all by name

select
    account,
    form_id,
    question.questionid as question_id,
    chosen_as as question_type,
    concat_ws(' ', title, question.rowquestion.title) as question_text,
    coalesce(question.required, false) as is_required,
    worded_from,
    worded_until
from grids
