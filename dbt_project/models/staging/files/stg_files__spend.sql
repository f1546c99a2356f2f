-- One row per line and day of what was paid for being seen where there is no API. A line that names its last day is
-- spread evenly over its days, to the cent; what it was seen by stands on the first, for people do not add up.
with lines as (
    select
        _account as account,
        _key as line_id,
        {{ plain_words("payload ->> '$.channel'", '[a-z0-9]+( [a-z0-9]+)*', '[^a-z0-9]+') }} as platform,
        trim(payload ->> '$.campaign') as campaign_id,
        nullif(trim(payload ->> '$.placement'), '') as placement,
        try_cast(payload ->> '$.cost' as decimal(18, 2)) as cost,
        coalesce(payload ->> '$.currency', '{{ var("currency") }}') as currency,
        try_cast(payload ->> '$.impressions' as bigint) as impressions,
        try_cast(payload ->> '$.reach' as bigint) as reach,
        try_cast(payload ->> '$.interactions' as bigint) as interactions,
        try_cast(payload ->> '$.clicks' as bigint) as clicks,
        try_cast(payload ->> '$.conversions' as bigint) as orders_claimed,
        lower(nullif(trim(payload ->> '$.code'), '')) as code,
        -- "https://maison.example/radio" and "maison.example/?utm_campaign=radio" are both known by "radio".
        lower(coalesce(
            nullif(regexp_extract(payload ->> '$.link', '[?&]utm_campaign=([^&#]+)', 1), ''),
            nullif(regexp_extract(payload ->> '$.link', '([^/?#]+)/?(?:[?#].*)?$', 1), '')
        )) as link,
        {{ plain_words("payload ->> '$.heard'", '[a-z0-9]+( [a-z0-9]+)*', '[^a-z0-9]+') }} as heard,
        {{ local_day('_occurred_at') }} as first_day,
        greatest(
            datediff(
                'day', {{ local_day('_occurred_at') }},
                {{ local_day("try_cast(payload ->> '$.ended_at' as timestamptz)") }}
            ),
            0
        ) + 1 as day_count
    from {{ latest(source('raw_files', 'spend')) }}
    where trim(payload ->> '$.campaign') <> ''
),

days as (
    select lines.*, unnest(range(0, coalesce(day_count, 1))) as day_number
    from lines
)

select
    account,
    line_id,
    coalesce(platform, 'files') as platform,
    campaign_id,
    placement,
    first_day + day_number::integer as spend_date,
    -- up to this day less up to the one before
    (cost * (day_number + 1) / coalesce(day_count, 1))::decimal(18, 2)
    - (cost * day_number / coalesce(day_count, 1))::decimal(18, 2) as cost,
    currency,
    {% for name in ('impressions', 'reach', 'interactions', 'clicks', 'orders_claimed') -%}
        case when day_number = 0 then {{ name }} end as {{ name }},
    {% endfor %}
    code,
    link,
    heard
from days
