-- One row per ad set, as it is named and stands now.
select
    _account as account,
    _key as adset_id,
    payload ->> '$.campaign_id' as campaign_id,
    payload ->> '$.name' as adset_name,
    payload ->> '$.status' as status,
    payload ->> '$.effective_status' as effective_status,
    payload ->> '$.optimization_goal' as optimization_goal,
    -- How long after a click or a view a result is still claimed for it.
    payload -> '$.attribution_spec' as attribution_windows
from {{ latest(source('raw_meta', 'adsets')) }}
