-- One row per stretch of days in which a recommendation spoke for whoever gave it: another person of another home
-- bought for the first time because of it. `end_cause` is why it no longer does.
{{ config(materialized='ephemeral') }}

with told as (
    select *, lead(status) over (partition by referrer_id, referee_id order by valid_from) as next_status
    from {{ ref('int_referrals') }}
)

select
    referrer_id as customer_id,
    referee_id,
    event_id,
    valid_from as converted_on,
    valid_to as reversed_on,
    -- Given way to a kept order on the day it was sent back: the status is the same, of another order.
    case when next_status in ('converted', 'undone') then 'refund' else 'evidence_expired' end as end_cause
from told
where status = 'converted'
