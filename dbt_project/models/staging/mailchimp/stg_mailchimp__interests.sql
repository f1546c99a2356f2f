-- One row per interest an audience may choose, with the words it is shown under.
with groups as (
    select _account, unnest(from_json(payload -> '$.interest_categories', '["JSON"]')) as category
    from {{ latest(source('raw_mailchimp', 'lists')) }}
),

interests as (
    select _account, category, unnest(from_json(category -> '$.interests', '["JSON"]')) as interest
    from groups
)

select
    _account as audience_id,
    interest ->> '$.id' as interest_id,
    concat_ws(': ', category ->> '$.title', interest ->> '$.name') as wording_text
from interests
where interest ->> '$.id' is not null
qualify row_number() over (partition by _account, interest ->> '$.id' order by interest ->> '$.name') = 1
