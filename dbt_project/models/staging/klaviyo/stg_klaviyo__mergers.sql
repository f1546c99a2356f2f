-- One row per profile that another one took over, and who is left in the end. No list tells it, and a profile that is
-- no more cannot be asked: but what it did is told of who survived from then on, so that an event which changed hands
-- names both.
{{ config(materialized='view') }}

with told as (
    select
        _account as account,
        payload ->> '$.relationships.profile.data.id' as owner,
        lead(payload ->> '$.relationships.profile.data.id') over (
            partition by _account, _key order by _recorded_at, _via, _ordinal
        ) as next_owner
    from {{ history(source('raw_klaviyo', 'events')) }}
),

handed_over as (
    select account, owner as loser, max(next_owner) as survivor
    from told
    where owner <> next_owner
    group by account, owner
)

select
    'klaviyo:' || account || ':profile:' || loser as loser_profile_id,
    'klaviyo:' || account || ':profile:' || survivor as survivor_profile_id
from {{ last_survivors('handed_over') }}
