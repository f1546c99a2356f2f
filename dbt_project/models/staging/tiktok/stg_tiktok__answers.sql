-- One row per answered question of a lead. Pushed leads tell TikTok's own word for a question it knows (email, name,
-- phone_number), files its wording; of which type an answer is, neither tells. A consent is a question like any other,
-- and nobody tells whether it had to be ticked.
{{ config(materialized='view') }}

with told as (
    select
        account,
        response_key,
        form_id,
        unnest(from_json(payload -> '$.answers', '["JSON"]')) as answer
    from {{ form_responses('tiktok') }}
)

{{ answers_in_words() }}
