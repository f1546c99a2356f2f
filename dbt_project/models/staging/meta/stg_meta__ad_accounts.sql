-- One row per ad account: in which money and in whose days its figures are.
select
    _key as account,
    payload ->> '$.name' as account_name,
    payload ->> '$.currency' as currency,
    payload ->> '$.timezone_name' as time_zone
from {{ latest(source('raw_meta', 'ad_accounts')) }}
