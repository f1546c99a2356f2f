-- One row per thing that ever happened to a customer number: born, merged, parted, ended, returned. Which two
-- records said so is told as long as both are there.
-- depends_on: {{ ref('int_identity__news') }}
select
    log.entry,
    log.logged_at,
    log.customer_number,
    log.event,
    log.customer_id,
    log.previous_customer_id,
    log.cause,
    log.judged_by,
    one.profile_id as one_profile_id,
    other.profile_id as other_profile_id,
    log.since
from {{ source('door', 'identity_log') }} as log
left join {{ ref('int_customer_profiles') }} as one on log.one_number = one.own_number
left join {{ ref('int_customer_profiles') }} as other on log.other_number = other.own_number
