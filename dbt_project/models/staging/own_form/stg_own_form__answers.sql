-- One row per answer of a submission, per ticked box in the very words it stood beside, and per value that the page's
-- address carried. What a box permits is declared where the form is defined, and not guessed from its words. A box
-- left alone is no row, for silence is no answer; that it was shown stays in raw.
{{ config(materialized='view') }}

with responses as (
    select
        account,
        response_key,
        form_id,
        from_json(
            payload -> '$.answers',
            '[{"name": "VARCHAR", "kind": "VARCHAR", "label": "VARCHAR", "value": "VARCHAR"}]'
        ) as answers,
        from_json(payload -> '$.boxes', '[{
            "name": "VARCHAR", "is_ticked": "BOOLEAN", "version": "VARCHAR", "text": "VARCHAR",
            "channels": ["VARCHAR"], "purposes": ["VARCHAR"]
        }]') as boxes,
        payload -> '$.hidden' as hidden,
        payload ->> '$.language' as locale,
        coalesce(payload ->> '$.needs_confirmation' = 'true', false) as needs_confirmation
    from {{ form_responses('own_form') }}
),

answers as (
    select account, response_key, form_id, locale, unnest(answers) as answer from responses
),

boxes as (
    select account, response_key, form_id, locale, needs_confirmation, unnest(boxes) as box from responses
),

hidden_values as (
    select account, response_key, form_id, hidden, unnest(json_keys(hidden)) as name
    from responses
    where json_type(hidden) = 'OBJECT'
)

select
    account,
    response_key,
    form_id,
    answer.name as question_ref,
    answer.label as question_text,
    'text' as question_type,
    false as is_required,
    false as is_checked_by_default,
    case answer.kind when 'long_text' then 'text' when 'choice' then 'text' else answer.kind end as answer_type,
    answer.value as answer_text,
    null::varchar[] as channels,
    null::varchar[] as purposes,
    null as shown_version,
    locale,
    false as needs_confirmation
from answers

union all by name

select
    account,
    response_key,
    form_id,
    box.name as question_ref,
    box.text as question_text,
    'box' as question_type,
    false as is_required,
    false as is_checked_by_default,
    'boolean' as answer_type,
    'true' as answer_text,
    box.channels,
    box.purposes,
    box.version as shown_version,
    locale,
    needs_confirmation
from boxes
where box.is_ticked

union all by name

select
    account,
    response_key,
    form_id,
    name as question_ref,
    'hidden' as answer_type,
    trim({{ json_member('hidden', 'name') }}) as answer_text
from hidden_values
