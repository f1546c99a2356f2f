-- One row per profile that became another by merging, and the one that is left in the end: what a merge made may be
-- merged again. What made it is told by the webhook alone, and kept with it.
{{ config(materialized='view') }}

with recursive told as (
    select
        _account,
        _key as survivor,
        unnest(from_json(payload -> '$.merged_from', '["VARCHAR"]')) as loser
    from {{ latest(source('raw_square', 'customers'), keep_deleted=true) }}
    where json_type(payload -> '$.merged_from') = 'ARRAY'
),

-- Of a ring, which no merging makes, nobody is the last.
chains as (
    select _account, loser, survivor from told
    union
    select chains._account, chains.loser, told.survivor
    from chains
    inner join told on chains._account = told._account and chains.survivor = told.loser
)

select
    chains._account as account,
    chains.loser as loser_id,
    max(chains.survivor) as survivor_id
from chains
left join told as further on chains._account = further._account and chains.survivor = further.loser
where further.loser is null
group by chains._account, chains.loser
