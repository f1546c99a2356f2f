-- One row per customer of a household. A shared value is the household of those who share it; who shares several
-- belongs to the one most people share, and takes those of the others along. One step, and no chain beyond it:
-- lines and addresses are handed on, and whoever follows such chains ends with strangers in one house.
with valued as (
    select
        *,
        kind || ':' || value as value_key,
        -- The more share it, the more it is the household's; a line or a house more so than what one person lends.
        (customer_count, list_position(['mobile', 'mailbox', 'address', 'landline'], kind), value) as strength
    from {{ ref('int_household_values') }}
),

own as (
    select customer_id, arg_max(value_key, strength) as value_key, max(strength) as strength
    from valued
    group by customer_id
),

led as (
    select valued.value_key, arg_max(own.value_key, own.strength) as household_key
    from valued
    inner join own on valued.customer_id = own.customer_id
    group by valued.value_key
),

placed as (
    select own.customer_id, led.household_key
    from own
    inner join led on own.value_key = led.value_key
),

-- What is shared inside the household; who shares nothing there is not of it.
shared as (
    select
        placed.household_key,
        valued.*,
        count(*) over carriers as carrier_count,
        nth_value(valued.known_since, 2) over (
            carriers order by valued.known_since rows between unbounded preceding and unbounded following
        ) as shared_since
    from valued
    inner join placed on valued.customer_id = placed.customer_id
    window carriers as (partition by placed.household_key, valued.value_key)
),

members as (
    select
        household_key,
        customer_id,
        list(kind order by strength desc) as kinds,
        list(shown order by strength desc) as shown_values,
        max(carrier_count) - 1 as shared_with_count,
        min(shared_since) as shared_since
    from shared
    where carrier_count > 1
    group by household_key, customer_id
)

select
    'household-' || {{ own_number("'household:' || first_value(profiles.profile_id) over founders") }} as household_id,
    members.customer_id,
    members.kinds,
    members.shown_values,
    members.shared_with_count::integer as shared_with_count,
    members.shared_since,
    members.customer_id = first_value(members.customer_id) over founders as is_founder
from members
inner join {{ ref('int_customer_profiles') }} as profiles
    on members.customer_id = profiles.customer_id and profiles.own_number = profiles.customer_id
window founders as (
    partition by members.household_key
    order by profiles.first_seen_at, profiles.created_at nulls last, profiles.profile_id
)
