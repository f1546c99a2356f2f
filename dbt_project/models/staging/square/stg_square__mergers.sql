-- One row per profile that became another by merging, and the one that is left in the end: what a merge made may be
-- merged again. What made it is told by the webhook alone, and once: the next event of the same profile says nothing of
-- it any more, so every version is asked.
{{ config(materialized='view') }}

with told as (
    select
        _account as account,
        _key as survivor,
        unnest(from_json(payload -> '$.merged_from', '["VARCHAR"]')) as loser
    from {{ history(source('raw_square', 'customers')) }}
    where json_type(payload -> '$.merged_from') = 'ARRAY'
)

select
    account,
    loser as loser_id,
    survivor as survivor_id
from {{ last_survivors('told') }}
