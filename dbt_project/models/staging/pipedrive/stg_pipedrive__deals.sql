-- One row per deal, with when it was won or lost. What was agreed is not what was paid: that the shop, the till or the
-- bank tells.
with deals as (
    select
        records.*,
        records.payload ->> '$.status' as status,
        told.won_known_at,
        told.lost_known_at
    from {{ latest(source('raw_pipedrive', 'deals')) }} as records
    left join {{ first_told(source('raw_pipedrive', 'deals'), {
        'won': "(payload ->> '$.status') = 'won'", 'lost': "(payload ->> '$.status') = 'lost'",
    }) }} as told
        on records._account = told._account and records._key = told._key
)

select
    'pipedrive:' || _account || ':deal:' || _key as deal_id,
    'pipedrive:' || _account || ':person:' || (payload ->> '$.person_id') as profile_id,
    status,
    try_cast(payload ->> '$.value' as decimal(18, 2)) as deal_value,
    payload ->> '$.currency' as currency,
    coalesce(try_cast(payload ->> '$.add_time' as timestamptz), _occurred_at) as opened_at,
    case when status = 'won' then try_cast(payload ->> '$.won_time' as timestamptz) end as won_at,
    case when status = 'lost' then try_cast(payload ->> '$.lost_time' as timestamptz) end as lost_at,
    -- A deal that came won was known to be won from the first.
    coalesce(won_known_at, _ingested_at) as won_known_at,
    coalesce(lost_known_at, _ingested_at) as lost_known_at,
    _touched_at as touched_at,
    _known_since as known_since
from deals
where (payload ->> '$.person_id') is not null
