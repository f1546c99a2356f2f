-- One row per answered question of a lead. A file tells questions by their words and nobody tells of which type one is,
-- nor whether it had to be answered. A consent is a question like any other.
{{ config(materialized='view') }}

with told as (
    select
        account,
        response_key,
        form_id,
        unnest(from_json(payload -> '$.answers', '["JSON"]')) as answer
    from {{ form_responses('pinterest') }}
)

{{ answers_in_words() }}
