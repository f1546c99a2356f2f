-- One row per person who was merged into another one, as the webhook told: a later version of who survived says nothing
-- of it, so every version is asked.
{{ config(materialized='view') }}

with recursive told as (
    select
        _account,
        _key as survivor,
        unnest(from_json(payload -> '$.merged_ids', '["VARCHAR"]')) as loser
    from {{ history(source('raw_pipedrive', 'persons')) }}
),

taken_over as (
    select _account, loser, max(survivor) as survivor
    from told
    where loser is not null and loser <> survivor
    group by _account, loser
),

-- However often that happened; of a ring, which no merging makes, nobody is the last.
chains as (
    select _account, loser, survivor from taken_over
    union
    select chains._account, chains.loser, taken_over.survivor
    from chains
    inner join taken_over on chains._account = taken_over._account and chains.survivor = taken_over.loser
)

select
    'pipedrive:' || chains._account || ':person:' || chains.loser as loser_profile_id,
    'pipedrive:' || chains._account || ':person:' || max(chains.survivor) as survivor_profile_id
from chains
left join taken_over as further on chains._account = further._account and chains.survivor = further.loser
where further.loser is null
group by chains._account, chains.loser
