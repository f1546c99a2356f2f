-- One row per question of a form and stretch of time in which it was worded so. What a question demands and offers
-- stands in the form's blocks, which it names by group.
{{ config(materialized='view') }}

with versions as (
    select
        account,
        form_id,
        from_json(
            payload -> '$.questions',
            '[{"id": "VARCHAR", "type": "VARCHAR", "title": "VARCHAR", "fields": [{"blockGroupUuid": "VARCHAR"}]}]'
        ) as questions,
        from_json(
            payload -> '$.blocks',
            '[{
                "uuid": "VARCHAR", "groupUuid": "VARCHAR",
                "payload": {"isRequired": "BOOLEAN", "hasDefaultAnswer": "BOOLEAN", "text": "VARCHAR"}
            }]'
        ) as blocks,
        worded_from,
        worded_until
    from {{ form_versions('tally') }}
),

questions as (
    select * exclude (questions), unnest(questions) as question
    from versions
),

owned as (
    select
        * exclude (blocks),
        list_filter(
            blocks,
            lambda block: list_contains(
                list_transform(question.fields, lambda field: field.blockgroupuuid), block.groupuuid
            )
        ) as blocks
    from questions
)

select
    account,
    form_id,
    question.id as question_id,
    question.type as question_type,
    question.title as question_text,
    coalesce(list_bool_or(list_transform(blocks, lambda block: block.payload.isrequired)), false) as is_required,
    coalesce(list_bool_or(list_transform(blocks, lambda block: block.payload.hasdefaultanswer)), false)
        as is_checked_by_default,
    -- what may be chosen, by the id some ways tell it by
    list_transform(blocks, lambda block: struct_pack(id := block.uuid, text := block.payload.text)) as options,
    worded_from,
    worded_until
from owned
