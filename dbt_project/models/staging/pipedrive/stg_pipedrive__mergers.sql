-- One row per person who was merged into another one, and who is left in the end, as the webhook told: a later version
-- of who survived says nothing of it, so every version is asked.
{{ config(materialized='view') }}

with told as (
    select
        _account as account,
        _key as survivor,
        unnest(from_json(payload -> '$.merged_ids', '["VARCHAR"]')) as loser
    from {{ history(source('raw_pipedrive', 'persons')) }}
),

taken_over as (
    select account, loser, max(survivor) as survivor
    from told
    where loser is not null and loser <> survivor
    group by account, loser
)

select
    'pipedrive:' || account || ':person:' || loser as loser_profile_id,
    'pipedrive:' || account || ':person:' || survivor as survivor_profile_id
from {{ last_survivors('taken_over') }}
