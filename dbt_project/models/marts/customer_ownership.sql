-- One row per customer: through which channels of ours they can be reached, through which firms besides, by whom they
-- came, and what they are worth. What a drill, the index and the owner's letter count.
with permissions as (
    select
        permissions.customer_id,
        permissions.channel,
        permissions.reason,
        permissions.is_allowed and permissions.is_deliverable as can_use,
        coalesce(relays.owner, channels.owner) as firm_between
    from {{ ref('int_customer_permissions') }} as permissions
    -- An address that a firm passes mail on from is that firm's.
    left join {{ ref('relay_domains') }} as relays
        on permissions.channel = 'email' and split_part(permissions.contact_value, '@', 2) = relays.domain
    -- WhatsApp is Meta's, though the number is ours.
    left join {{ ref('channel_owners') }} as channels
        on permissions.channel = channels.word and channels.kind = 'rented'
    -- An upload for ads needs the address and a platform: no way of its own.
    where permissions.purpose = 'marketing' and permissions.channel <> 'ad_upload'
),

ways as (
    select
        customer_id,
        list(distinct channel) filter (where can_use and firm_between is null) as owned_channels,
        list(distinct firm_between) filter (where can_use and firm_between is not null) as firms_between,
        -- Who objected or complained, and who said no wherever we may ask, is not to be won over by anybody.
        bool_or(reason in ('objected', 'complained')) or bool_and(
            reason in ('objected', 'complained', 'stopped', 'said_no', 'unsubscribed', 'blocked_in_tool')
        ) as has_refused
    from permissions
    group by customer_id
),

-- Whoever left a record on a rented platform can be addressed there for as long as it lets us.
records as (
    select profiles.customer_id, list(distinct owners.owner) as owners
    from {{ ref('int_customer_profiles') }} as profiles
    inner join {{ ref('channel_owners') }} as owners
        on split_part(profiles.profile_id, ':', 1) = owners.word and owners.kind = 'rented'
    group by profiles.customer_id
),

answers as (
    select distinct
        said_they_heard_from,
        ' ' || {{ plain_words('said_they_heard_from', '[a-z0-9]+( [a-z0-9]+)*', '[^a-z0-9]+') }} || ' ' as words
    from {{ ref('customers') }}
    where said_they_heard_from is not null
),

-- "Vu sur Instagram, par une amie": the longest word we know of decides.
said as (
    select
        answers.said_they_heard_from,
        arg_max(owners.owner, (length(owners.word), owners.word)) as owner,
        arg_max(owners.kind, (length(owners.word), owners.word)) as kind
    from answers
    inner join {{ ref('channel_owners') }} as owners on contains(answers.words, ' ' || owners.word || ' ')
    group by answers.said_they_heard_from
),

first_orders as (
    select
        customer_id,
        -- An empty value would be passed over for the next order's.
        arg_min(coalesce(last_owner, 'direct'), (ordered_at, order_id)) as owner,
        arg_min(coalesce(last_kind, 'direct'), (ordered_at, order_id)) as kind
    from {{ ref('order_ownership') }}
    where customer_id is not null and is_purchase
    group by customer_id
)

select
    customers.customer_id,
    coalesce(customers.country, 'unknown') as country,
    customers.stage,
    customers.activity,
    case
        -- Nobody writes to the dead, or to a firm that has closed.
        when customers.activity in ('deceased', 'closed') then []
        else coalesce(list_sort(ways.owned_channels), [])
    end as owned_channels,
    case
        when coalesce(ways.has_refused, false) or customers.activity in ('deceased', 'closed') then []
        else list_sort(list_distinct(coalesce(ways.firms_between, []) || coalesce(records.owners, [])))
    end as rented_from,
    coalesce(ways.has_refused, false) as has_refused,
    -- Who brought them: what the first contact tells, else the platform it was on, else their own answer.
    coalesce(sources.owner, platforms.owner, said.owner, 'unknown') as acquired_from,
    coalesce(sources.kind, platforms.kind, said.kind, 'unknown') as acquired_kind,
    case when customers.first_order_on is not null then first_orders.owner end as closed_from,
    case when customers.first_order_on is not null then first_orders.kind end as closed_kind,
    said.owner as said_from,
    said.kind as said_kind,
    customers.first_seen_on,
    customers.first_order_on,
    customers.order_count,
    customers.net_revenue_12m
from {{ ref('customers') }} as customers
left join ways on customers.customer_id = ways.customer_id
left join records on customers.customer_id = records.customer_id
left join {{ ref('channel_owners') }} as sources
    on lower(customers.first_source) = sources.word and sources.kind <> 'shop'
left join {{ ref('channel_owners') }} as platforms
    on customers.first_platform = platforms.word and platforms.kind = 'rented'
left join said on customers.said_they_heard_from = said.said_they_heard_from
left join first_orders on customers.customer_id = first_orders.customer_id
