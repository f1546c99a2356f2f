-- One row per campaign, as it is named and stands now; what is archived stays.
select
    _account as account,
    _key as campaign_id,
    payload ->> '$.name' as campaign_name,
    payload ->> '$.objective' as objective,
    -- what it is set to, and what it really does (an active one may be over, or its account stopped)
    payload ->> '$.status' as status,
    payload ->> '$.effective_status' as effective_status,
    try_cast(payload ->> '$.start_time' as timestamptz) as starts_at,
    try_cast(payload ->> '$.stop_time' as timestamptz) as stops_at
from {{ latest(source('raw_meta', 'campaigns')) }}
