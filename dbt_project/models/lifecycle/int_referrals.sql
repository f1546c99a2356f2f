-- One row per pair of people of whom one is said to have sent the other: whether it counts, and why not. It
-- counts if the friend's first order came of it, was not undone within 30 days, and the friend is another person
-- of another home. People are those of today: two who turn out to be one sent nobody.
with told as (
    select * from {{ ref('int_referral_claims') }}
),

orders as (
    select * replace (case when valid_to <= {{ as_of('lifecycle') }} then valid_to end as valid_to)
    from {{ ref('int_valid_orders') }}
    where valid_from <= {{ as_of('lifecycle') }}
),

named_orders as (
    -- Two shops may both have a #1044: then the name says nothing.
    select order_name, min(customer_id) as customer_id
    from orders
    where order_name in (select told.order_name from told)
    group by order_name
    having count(distinct customer_id) = 1
),

claims as (
    select
        claims.* replace (
            -- Who placed the named order knows better who they are than whoever typed the friend's address.
            coalesce(named_orders.customer_id, claims.referee_id) as referee_id
        )
    from told as claims
    left join named_orders on claims.order_name = named_orders.order_name
),

first_orders as (
    select
        customer_id,
        order_id,
        order_name,
        valid_from,
        case when valid_to - valid_from <= 30 then valid_to end as undone_on
    from orders
    where customer_id in (select claims.referee_id from claims)
    qualify row_number() over (
        partition by customer_id
        -- An order undone within 30 days does not count; one kept longer did.
        order by coalesce(valid_to - valid_from <= 30, false), ordered_at, order_id
    ) = 1
),

people as (
    select profile_id, customer_id
    from {{ ref('int_customer_profiles') }}
    where customer_id in (
        select claims.referee_id from claims
        union all
        select claims.referrer_id from claims
    )
),

homes as (
    select profiles.customer_id, points.identifier_type || points.match_value as home
    from {{ ref('int_contact_points') }} as points
    inner join people as profiles on points.profile_id = profiles.profile_id
    where not points.is_placeholder and not points.is_role
    union
    select profiles.customer_id, streets.match_value || ' ' || postcodes.match_value
    from {{ ref('identifiers') }} as streets
    inner join {{ ref('identifiers') }} as postcodes
        on streets.profile_id = postcodes.profile_id and postcodes.identifier_type = 'postcode'
    inner join people as profiles on streets.profile_id = profiles.profile_id
    where streets.identifier_type = 'street'
    union
    select customer_id, household_id from {{ ref('int_household_members') }}
),

same_home as (
    select distinct claims.referrer_id, claims.referee_id
    from claims
    inner join homes as theirs on claims.referrer_id = theirs.customer_id
    inner join homes as others on claims.referee_id = others.customer_id and theirs.home = others.home
),

judged as (
    select
        claims.*,
        first_orders.order_id as first_order_id,
        greatest(claims.given_on, first_orders.valid_from) as converted_on,
        first_orders.undone_on,
        case
            when claims.referrer_id = claims.referee_id then 'self'
            when same_home.referee_id is not null then 'same_home'
            when first_orders.customer_id is null then 'waiting'
            -- Named: it must be that order. Not named: the friend had not bought before.
            when coalesce(
                claims.order_id <> first_orders.order_id, claims.order_name <> first_orders.order_name,
                first_orders.valid_from < claims.given_on
            ) then 'bought_before'
            when first_orders.undone_on is not null then 'undone'
            else 'converted'
        end as status
    from claims
    left join first_orders on claims.referee_id = first_orders.customer_id
    left join same_home
        on claims.referrer_id = same_home.referrer_id and claims.referee_id = same_home.referee_id
),

-- The same two, told by a file and by the code at the checkout, are one recommendation.
pairs as (
    select *
    from judged
    qualify row_number() over (
        partition by referrer_id, referee_id
        order by status not in ('converted', 'undone'), given_on, via = 'file' desc, event_id
    ) = 1
),

-- A person is won once, by whoever sent them first.
won as (
    select *
    from pairs
    where status in ('converted', 'undone')
    qualify row_number() over (partition by referee_id order by given_on, event_id) = 1
),

ancestors as (
    with recursive upwards as (
        select referee_id, referrer_id as ancestor_id from won
        -- Each pair once: it ends even in a ring.
        union
        select upwards.referee_id, won.referrer_id
        from upwards
        inner join won on upwards.ancestor_id = won.referee_id
    )

    select * from upwards
),

-- Whoever is their own ancestor stands in a ring; its members are the ancestors they have.
rings as (
    select referee_id, min(ancestor_id) as ring
    from ancestors
    group by referee_id
    having bool_or(ancestor_id = referee_id)
),

-- What closed the ring counts for nobody.
closing as (
    select arg_max(won.referee_id, (won.converted_on, won.event_id)) as referee_id
    from rings
    inner join won on rings.referee_id = won.referee_id
    group by rings.ring
)

select
    pairs.referrer_id,
    pairs.referee_id,
    pairs.event_id,
    pairs.via,
    pairs.code,
    pairs.given_on,
    case
        when pairs.status not in ('converted', 'undone') then pairs.status
        when won.referrer_id <> pairs.referrer_id then 'won_by_another'
        when closing.referee_id is not null then 'loop'
        else pairs.status
    end as status,
    case when pairs.status in ('converted', 'undone') then pairs.first_order_id end as order_id,
    case when pairs.status in ('converted', 'undone') then pairs.converted_on end as converted_on,
    case when pairs.status in ('converted', 'undone') then pairs.undone_on end as reversed_on
from pairs
left join won on pairs.referee_id = won.referee_id
left join closing on pairs.referee_id = closing.referee_id and pairs.referrer_id = won.referrer_id
