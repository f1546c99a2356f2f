-- One row per profile that another one took over. No list tells it, and a profile that is no more cannot be asked: but
-- what it did is told of who survived from then on, so that an event which changed hands names both.
{{ config(materialized='view') }}

with recursive told as (
    select
        _account,
        _key,
        payload ->> '$.relationships.profile.data.id' as owner,
        lead(payload ->> '$.relationships.profile.data.id') over (
            partition by _account, _key order by _recorded_at, _via, _ordinal
        ) as next_owner
    from {{ history(source('raw_klaviyo', 'events')) }}
),

handed_over as (
    select _account, owner as loser, max(next_owner) as survivor
    from told
    where owner <> next_owner
    group by _account, owner
),

-- However often that happened; of a ring, which no merging makes, nobody is the last.
chains as (
    select _account, loser, survivor from handed_over
    union
    select chains._account, chains.loser, handed_over.survivor
    from chains
    inner join handed_over on chains._account = handed_over._account and chains.survivor = handed_over.loser
)

select
    'klaviyo:' || chains._account || ':profile:' || chains.loser as loser_profile_id,
    'klaviyo:' || chains._account || ':profile:' || max(chains.survivor) as survivor_profile_id
from chains
left join handed_over as further on chains._account = further._account and chains.survivor = further.loser
where further.loser is null
group by chains._account, chains.loser
