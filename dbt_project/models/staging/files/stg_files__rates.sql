-- One row per currency and day: how many units of the company's currency one unit was worth. A line that came
-- again corrects the one before; a rate that is no positive number is none.
select
    payload ->> '$.currency' as currency,
    {{ local_day('_occurred_at') }} as rate_date,
    try_cast(payload ->> '$.rate' as double) as rate
from {{ latest(source('raw_files', 'rates')) }}
where try_cast(payload ->> '$.rate' as double) > 0
qualify row_number() over (partition by currency, rate_date order by _last_seen_at desc, _key) = 1
