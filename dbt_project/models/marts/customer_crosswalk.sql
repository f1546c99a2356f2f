-- One row per customer number ever given: every profile has one of its own, and here is whose it is now.
-- A redirected number never dies; it answers with the customer it went to, and from when on. Nor does one
-- whose profile was erased or deleted: it answers that nobody has it any more.
-- depends_on: {{ ref('int_identity__news') }}
with told as (
    select customer_number, arg_max(since, entry) as since
    from {{ source('door', 'identity_log') }}
    group by customer_number
)

select
    coalesce(profiles.own_number, told.customer_number) as customer_number,
    profiles.customer_id,
    case
        when profiles.own_number is null then 'erased'
        when profiles.own_number = profiles.customer_id then 'current'
        else 'redirected'
    end as status,
    told.since
from {{ ref('int_customer_profiles') }} as profiles
full outer join told on profiles.own_number = told.customer_number
