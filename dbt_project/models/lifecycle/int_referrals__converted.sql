-- One row per referral that brought a first valid order of another person in another home.
with named_orders as (
    -- Two shops may both have a #1044: then the name says nothing.
    select order_name, min(customer_id) as customer_id
    from {{ ref('int_valid_orders') }}
    group by order_name
    having count(distinct customer_id) = 1
),

given as (
    select
        events.customer_id as referrer_id,
        events.event_id,
        events.event_date,
        -- Who placed the named order knows better who they are than whoever typed the friend's address.
        coalesce(named_orders.customer_id, referees.customer_id) as referee_id,
        events.details ->> '$.order_name' as order_name
    from {{ ref('int_customer_events') }} as events
    inner join {{ ref('int_customer_profiles') }} as referees
        on (events.details ->> '$.referee_profile_id') = referees.profile_id
    left join named_orders on (events.details ->> '$.order_name') = named_orders.order_name
    where events.event_type = 'referral_given'
),

first_orders as (
    select customer_id, order_id, order_name, valid_from, valid_to
    from {{ ref('int_valid_orders') }}
    qualify row_number() over (
        partition by customer_id
        -- An order undone within 30 days does not count; one kept longer did.
        order by coalesce(valid_to - valid_from <= 30, false), ordered_at, order_id
    ) = 1
),

homes as (
    select profiles.customer_id, identifiers.identifier_type, identifiers.match_value
    from {{ ref('int_contact_points') }} as identifiers
    inner join {{ ref('int_customer_profiles') }} as profiles on identifiers.profile_id = profiles.profile_id
    where not identifiers.is_placeholder and not identifiers.is_role
    union all
    select profiles.customer_id, 'home', streets.match_value || ' ' || postcodes.match_value
    from {{ ref('identifiers') }} as streets
    inner join {{ ref('identifiers') }} as postcodes
        on streets.profile_id = postcodes.profile_id and postcodes.identifier_type = 'postcode'
    inner join {{ ref('int_customer_profiles') }} as profiles on streets.profile_id = profiles.profile_id
    where streets.identifier_type = 'street'
),

same_home as (
    select distinct given.event_id
    from given
    inner join homes as theirs on given.referrer_id = theirs.customer_id
    inner join homes as others
        on
            given.referee_id = others.customer_id
            and theirs.identifier_type = others.identifier_type
            and theirs.match_value = others.match_value
)

select
    given.referrer_id as customer_id,
    given.referee_id,
    given.event_id,
    first_orders.order_id,
    greatest(given.event_date, first_orders.valid_from) as converted_on,
    case when first_orders.valid_to - first_orders.valid_from <= 30 then first_orders.valid_to end as reversed_on
from given
inner join first_orders on given.referee_id = first_orders.customer_id
where
    given.referrer_id <> given.referee_id
    and given.event_id not in (select event_id from same_home)
    -- Named: it must be that order. Not named: the friend had not bought before.
    and coalesce(given.order_name = first_orders.order_name, first_orders.valid_from >= given.event_date)
-- A person is won once, by whoever sent them first.
qualify row_number() over (partition by given.referee_id order by given.event_date, given.event_id) = 1
