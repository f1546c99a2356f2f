-- One row per opportunity that is with somebody: the contact it names, else its primary one, else the first. What was
-- agreed is not what was paid: that the shop, the till or the bank tells.
with roles as (
    select
        _account,
        payload ->> '$.OpportunityId' as opportunity_id,
        payload ->> '$.ContactId' as contact_id
    from {{ latest(source('raw_salesforce', 'roles')) }}
    qualify row_number() over (
        partition by _account, payload ->> '$.OpportunityId'
        order by (payload ->> '$.IsPrimary') = 'true' desc, _key
    ) = 1
),

opportunities as (
    select
        records.*,
        coalesce(nullif(records.payload ->> '$.ContactId', ''), roles.contact_id) as contact_id,
        case
            when (records.payload ->> '$.IsWon') = 'true' then 'won'
            when (records.payload ->> '$.IsClosed') = 'true' then 'lost'
            else 'open'
        end as status,
        told.closed_known_at
    from {{ latest(source('raw_salesforce', 'opportunities')) }} as records
    left join roles on records._account = roles._account and records._key = roles.opportunity_id
    left join {{ first_told(source('raw_salesforce', 'opportunities'), {
        'closed': "(payload ->> '$.IsClosed') = 'true'",
    }) }} as told
        on records._account = told._account and records._key = told._key
)

select
    'salesforce:' || _account || ':opportunity:' || _key as deal_id,
    'salesforce:' || _account || ':contact:' || contact_id as profile_id,
    status,
    try_cast(payload ->> '$.Amount' as decimal(18, 2)) as deal_value,
    -- An org with one currency does not tell it.
    coalesce(payload ->> '$.CurrencyIsoCode', '{{ var("currency") }}') as currency,
    _occurred_at as opened_at,
    -- Whoever closes a deal may leave a day there that is still to come: it was closed when we were told at the latest.
    case
        when status <> 'open'
            then least(try_cast(payload ->> '$.CloseDate' as timestamptz), coalesce(closed_known_at, _ingested_at))
    end as closed_at,
    coalesce(closed_known_at, _ingested_at) as closed_known_at,
    _touched_at as touched_at,
    _known_since as known_since
from opportunities
where contact_id is not null
