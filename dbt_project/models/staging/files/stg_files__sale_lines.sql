-- One row per line of a list of sales: an article of a ticket, or a whole ticket. Money as it stands there, in the
-- company's currency where none does; less than nothing is goods brought back.
with lines as (
    select
        * exclude (payload),
        from_json(payload, '{
            "email": "VARCHAR", "phone": "VARCHAR", "first_name": "VARCHAR", "last_name": "VARCHAR",
            "full_name": "VARCHAR", "company": "VARCHAR", "street": "VARCHAR", "city": "VARCHAR",
            "postcode": "VARCHAR", "country": "VARCHAR", "language": "VARCHAR", "birth_date": "VARCHAR",
            "national_id": "VARCHAR",
            "receipt": "VARCHAR", "refund_of": "VARCHAR", "store": "VARCHAR", "product": "VARCHAR",
            "campaign": "VARCHAR", "amount": "DECIMAL(18,2)", "tax": "DECIMAL(18,2)", "currency": "VARCHAR",
            "erased": "BOOLEAN"
        }') as line
    from {{ latest(source('raw_files', 'sales')) }}
)

select
    -- ids: a ticket is told by shop, number and day, for tills begin again at 1; without a number it is the line
    _account as account,
    'sale' as object,
    'files:' || _account || ':ticket:' || coalesce(
        case
            when line.receipt is not null
                then concat_ws('/', line.store, line.receipt, {{ local_day('_occurred_at') }}::varchar)
        end,
        _key
    ) as order_id,
    case
        when
            coalesce(line.email, line.phone, line.full_name, line.first_name, line.last_name) is not null
            and line.erased is null
            then 'files:' || _account || ':sale:' || _key
    end as profile_id,
    line.receipt,
    line.refund_of,
    -- identifiers
    line.email,
    line.phone,
    line.first_name,
    line.last_name,
    line.full_name,
    line.company,
    line.street,
    line.city,
    line.postcode,
    line.country,
    line.language,
    line.birth_date,
    line.national_id,
    -- what was sold
    nullif(line.store, '') as store,
    nullif(line.product, '') as product,
    nullif(line.campaign, '') as campaign_id,
    coalesce(line.erased, false) as is_erased,
    -- money
    line.amount,
    line.tax,
    coalesce(upper(line.currency), '{{ var("currency") }}') as currency,
    -- times
    _occurred_at as sold_at,
    _first_seen_at as first_seen_at,
    _last_seen_at as last_seen_at,
    _touched_at as touched_at,
    _known_since as known_since,
    _ingested_at as ingested_at
from lines
