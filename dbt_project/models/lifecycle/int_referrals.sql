-- One row per pair of people of whom one is said to have sent the other, and stretch of days: whether it counted
-- then, and why not. It counts if the friend's first order came of it, was not undone within 30 days, and the friend
-- is another person of another home. People are those of today: two who turn out to be one sent nobody.
--
-- Each day is judged by what had happened by then, so that a cut tells what would have been told on it. A pair is
-- judged anew where something about the friend changes: a claim, their first order, whose a code is.
with told as (
    select * from {{ ref('int_referral_claims') }}
),

-- Two shops may both have a #1044: then the name says nothing.
named_orders as (
    select
        order_name,
        customer_id,
        named_on as named_from,
        lead(named_on) over (partition by order_name order by named_on, customer_id) as named_until
    from (
        select order_name, customer_id, min(valid_from) as named_on
        from {{ ref('int_valid_orders') }}
        where order_name in (select told.order_name from told)
        group by order_name, customer_id
    ) as placed
    qualify
        row_number() over (partition by order_name order by named_on, customer_id) = 1
        and named_from is distinct from named_until
),

-- Who placed the named order knows better who they are than whoever typed the friend's address.
claims as (
    select told.*
    from told
    left join named_orders on told.order_name = named_orders.order_name
    where named_orders.order_name is null
    union all
    select
        told.* replace (
            named_orders.customer_id as referee_id,
            greatest(told.valid_from, named_orders.named_from) as valid_from,
            least(told.valid_to, named_orders.named_until) as valid_to
        )
    from told
    inner join named_orders on told.order_name = named_orders.order_name
    where coalesce(named_orders.named_until > told.valid_from, true)
    union all
    select told.* replace (least(told.valid_to, named_orders.named_from) as valid_to)
    from told
    inner join named_orders on told.order_name = named_orders.order_name and told.valid_from < named_orders.named_from
    union all
    select told.* replace (greatest(told.valid_from, named_orders.named_until) as valid_from)
    from told
    inner join named_orders on told.order_name = named_orders.order_name
    where named_orders.named_until is not null
),

orders as (
    select
        customer_id,
        order_id,
        order_name,
        valid_from,
        -- An order undone within 30 days does not count, and the next one is the first; one kept longer did.
        case when valid_to - valid_from <= 30 then valid_to end as undone_on,
        max(coalesce(case when valid_to - valid_from <= 30 then valid_to end, date 'infinity')) over earlier
            as earlier_undone_on,
        row_number() over earlier = 1 as is_first
    from {{ ref('int_valid_orders') }}
    where customer_id in (select claims.referee_id from claims)
    window earlier as (
        partition by customer_id order by ordered_at, order_id rows between unbounded preceding and 1 preceding
    )
),

kept as (
    select
        customer_id,
        order_id,
        order_name,
        valid_from as bought_on,
        greatest(valid_from, earlier_undone_on) as valid_from,
        undone_on as valid_to
    from orders
    where
        coalesce(earlier_undone_on < 'infinity', true)
        and coalesce(undone_on > greatest(valid_from, earlier_undone_on), true)
),

-- In which days which order was their first; while none is kept, it is the first of those that were undone.
first_orders as (
    select *, false as is_undone from kept
    union all
    select gaps.customer_id, orders.order_id, orders.order_name, orders.valid_from, gaps.gone_on, gaps.until, true
    from (
        select
            customer_id,
            valid_to as gone_on,
            lead(valid_from) over (partition by customer_id order by valid_from) as until
        from kept
    ) as gaps
    inner join orders on gaps.customer_id = orders.customer_id and orders.is_first
    where gaps.gone_on is not null and gaps.gone_on is distinct from gaps.until
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

days as (
    select referee_id, valid_from as day from claims
    union
    select referee_id, valid_to from claims where valid_to is not null
    union
    select customer_id, valid_from from first_orders
    union
    select customer_id, valid_to from first_orders where valid_to is not null
),

stretches as (
    select referee_id, day as valid_from, lead(day) over (partition by referee_id order by day) as valid_to
    from days
),

judged as (
    select
        claims.* replace (stretches.valid_from as valid_from, stretches.valid_to as valid_to),
        first_orders.order_id as first_order_id,
        case
            when claims.referrer_id = claims.referee_id then 'self'
            when same_home.referee_id is not null then 'same_home'
            when first_orders.customer_id is null then 'waiting'
            -- Named: it must be that order. Not named: the friend had not bought before.
            -- A subscription's start has no name.
            when coalesce(
                claims.order_id <> first_orders.order_id,
                claims.order_name <> coalesce(first_orders.order_name, ''),
                first_orders.bought_on < claims.given_on
            ) then 'bought_before'
            when first_orders.is_undone then 'undone'
            else 'converted'
        end as status
    from claims
    inner join stretches
        on
            claims.referee_id = stretches.referee_id
            and stretches.valid_from >= claims.valid_from
            and coalesce(stretches.valid_from < claims.valid_to, true)
    left join first_orders
        on
            claims.referee_id = first_orders.customer_id
            and stretches.valid_from >= first_orders.valid_from
            and coalesce(stretches.valid_from < first_orders.valid_to, true)
    left join same_home
        on claims.referrer_id = same_home.referrer_id and claims.referee_id = same_home.referee_id
),

-- The same two, told by a file and by the code at the checkout, are one recommendation.
pairs as (
    select *
    from judged
    qualify row_number() over (
        partition by referrer_id, referee_id, valid_from
        order by status not in ('converted', 'undone'), given_on, via = 'file' desc, event_id
    ) = 1
),

-- A person is won once, by whoever sent them first.
won as (
    select *
    from pairs
    where status in ('converted', 'undone')
    qualify row_number() over (partition by referee_id, valid_from order by given_on, event_id) = 1
),

-- Who sent whom in which days, without a break.
links as (
    select
        referee_id,
        referrer_id,
        min(valid_from) as valid_from,
        case when count(*) = count(valid_to) then max(valid_to) end as valid_to,
        arg_min(event_id, valid_from) as event_id
    from (
        select
            *,
            count(*) filter (where is_new) over (partition by referee_id order by valid_from) as link
        from (
            select
                *,
                coalesce(lag(referrer_id) over by_day <> referrer_id or lag(valid_to) over by_day <> valid_from, true)
                    as is_new
            from won
            window by_day as (partition by referee_id order by valid_from)
        ) as compared
    ) as numbered
    group by referee_id, referrer_id, link
),

ancestors as (
    with recursive upwards as (
        select referee_id, referrer_id as ancestor_id from links
        -- Each pair once: it ends even in a ring.
        union
        select upwards.referee_id, links.referrer_id
        from upwards
        inner join links on upwards.ancestor_id = links.referee_id
    )

    select * from upwards
),

-- Only whoever was ever their own ancestor can stand in a ring.
suspects as (
    select links.*
    from links
    inner join ancestors on links.referee_id = ancestors.referee_id and links.referee_id = ancestors.ancestor_id
),

-- From each of them upwards, through links that stood on the same days, until somebody comes again.
walked as (
    with recursive upwards as (
        select
            referee_id as begun_at,
            referrer_id as reached,
            [referee_id] as passed,
            valid_from,
            valid_to,
            struct_pack(valid_from, event_id, referee_id) as newest
        from suspects
        union all
        select
            upwards.begun_at,
            suspects.referrer_id,
            list_append(upwards.passed, suspects.referee_id),
            greatest(upwards.valid_from, suspects.valid_from),
            least(upwards.valid_to, suspects.valid_to),
            greatest(
                upwards.newest, struct_pack(suspects.valid_from, suspects.event_id, suspects.referee_id)
            )
        from upwards
        inner join suspects
            on
                upwards.reached = suspects.referee_id
                and not list_contains(upwards.passed, upwards.reached)
                and coalesce(upwards.valid_from < suspects.valid_to, true)
                and coalesce(suspects.valid_from < upwards.valid_to, true)
    )

    select * from upwards
),

-- What closed the ring counts for nobody, for as long as it is one.
closing as (
    select distinct newest.referee_id as referee_id, valid_from, valid_to from walked where begun_at = reached
),

-- A ring may break within a stretch, by what happened to another's link.
pieces as (
    select
        * replace (
            day as valid_from,
            least(valid_to, lead(day) over (partition by referrer_id, referee_id order by day)) as valid_to
        )
    from (
        select *, valid_from as day from pairs
        union all
        select pairs.*, broken.day
        from pairs
        inner join (
            select referee_id, unnest([valid_from, valid_to]) as day from closing
        ) as broken
            on
                pairs.referee_id = broken.referee_id
                and pairs.valid_from < broken.day
                and coalesce(broken.day < pairs.valid_to, true)
    ) as parted
),

stated as (
    select
        pieces.* exclude (order_id) replace (
            case
                when pieces.status not in ('converted', 'undone') then pieces.status
                when links.referrer_id <> pieces.referrer_id then 'won_by_another'
                when closing.referee_id is not null then 'loop'
                else pieces.status
            end as status
        ),
        case
            when
                links.referrer_id = pieces.referrer_id and closing.referee_id is null
                and pieces.status in ('converted', 'undone')
                then pieces.first_order_id
        end as order_id
    from pieces
    left join links
        on
            pieces.referee_id = links.referee_id
            and pieces.valid_from >= links.valid_from
            and coalesce(pieces.valid_from < links.valid_to, true)
    left join closing
        on
            pieces.referee_id = closing.referee_id
            and pieces.referrer_id = links.referrer_id
            and pieces.valid_from >= closing.valid_from
            and coalesce(pieces.valid_from < closing.valid_to, true)
),

compared as (
    select
        *,
        coalesce(
            lag(status) over by_day <> status
            or lag(order_id) over by_day is distinct from order_id
            or lag(valid_to) over by_day <> valid_from,
            true
        ) as is_new
    from stated
    window by_day as (partition by referrer_id, referee_id order by valid_from)
),

numbered as (
    select *, count(*) filter (where is_new) over (partition by referrer_id, referee_id order by valid_from) as stretch
    from compared
)

select
    referrer_id,
    referee_id,
    unnest(arg_min(struct_pack(event_id, via, code, given_on), valid_from)),
    status,
    order_id,
    min(valid_from) as valid_from,
    case when count(*) = count(valid_to) then max(valid_to) end as valid_to
from numbered
group by referrer_id, referee_id, stretch, status, order_id
