-- One row per customer, field (best_email, best_phone, country) and value they could have: what the models of
-- permission and reach chose, explained in the way of int_customer_fields. Nothing is chosen here.
{{ config(materialized='table') }}

with points as (
    select
        customer_id,
        case channel when 'email' then 'best_email' else 'best_phone' end as field,
        contact_value as value,
        bool_or(is_allowed and is_deliverable) as can_use,
        bool_or(is_deliverable) as arrives,
        -- Nothing but a number can fail to take a text message.
        bool_or(channel <> 'phone' and is_deliverable) as takes_messages,
        bool_or(is_verified) as is_verified,
        max(last_seen_at) as said_at
    from {{ ref('int_customer_permissions') }}
    where purpose = 'marketing' and channel in ('email', 'sms', 'phone')
    group by 1, 2, 3
),

given as (
    select
        profiles.customer_id,
        case identifiers.identifier_type
            when 'email' then 'best_email' when 'phone' then 'best_phone' else 'country'
        end as field,
        identifiers.contact_value as value,
        count(*) as record_count,
        max(identifiers.last_seen_at) as said_at,
        arg_max(
            struct_pack(profile_id := identifiers.profile_id, platform := identifiers.platform),
            (identifiers.is_verified, identifiers.last_seen_at, identifiers.profile_id)
        ) as giver
    from {{ ref('identifiers') }} as identifiers
    inner join {{ ref('int_customer_profiles') }} as profiles on identifiers.profile_id = profiles.profile_id
    where identifiers.identifier_type in ('email', 'phone', 'country') and identifiers.contact_value is not null
    group by 1, 2, 3
),

candidates as (
    select
        points.*, true as is_stated,
        given.giver.profile_id as profile_id, given.giver.platform as platform, given.record_count
    from points
    inner join given
        on points.customer_id = given.customer_id and points.field = given.field and points.value = given.value

    union all by name

    select
        customer_id, field, value, said_at, true as is_stated,
        giver.profile_id as profile_id, giver.platform as platform, record_count
    from given
    where field = 'country'

    union all by name

    -- A country nobody stated is read from the number.
    select
        numbers.customer_id, 'country' as field, {{ dialled_country('numbers.value') }} as value,
        max(numbers.said_at) as said_at, false as is_stated,
        arg_max(numbers.giver.profile_id, (numbers.said_at, numbers.value)) as profile_id,
        arg_max(numbers.giver.platform, (numbers.said_at, numbers.value)) as platform,
        sum(numbers.record_count)::bigint as record_count
    from given as numbers
    inner join {{ ref('int_customer_contact_points') }} as genuine
        on numbers.customer_id = genuine.customer_id and numbers.value = genuine.contact_value
    where numbers.field = 'best_phone' and {{ dialled_country('numbers.value') }} is not null
    group by 1, 2, 3
),

chosen as (
    select candidates.*, chosen.value is not null as is_winner
    from candidates
    left join (
        select customer_id, 'best_email' as field, best_email as value from {{ ref('int_customer_reach') }}
        union all
        select customer_id, 'best_phone' as field, best_phone as value from {{ ref('int_customer_reach') }}
        union all
        select customer_id, 'country' as field, country as value from {{ ref('int_customer_countries') }}
    ) as chosen
        on
            candidates.customer_id = chosen.customer_id
            and candidates.field = chosen.field
            and candidates.value = chosen.value
    -- A country both stated and dialled is a stated one.
    qualify row_number() over (
        partition by candidates.customer_id, candidates.field, candidates.value order by candidates.is_stated desc
    ) = 1
),

compared as (
    select
        *,
        row_number() over best_first as value_rank,
        case
            when row_number() over best_first = 1 then null
            when first_value(can_use) over best_first > can_use then 'may_be_used'
            when first_value(arrives) over best_first > arrives then 'arrives'
            when first_value(is_stated) over best_first > is_stated then 'stated'
            when first_value(takes_messages) over best_first > takes_messages then 'takes_messages'
            when first_value(is_verified) over best_first > is_verified then 'verified'
            when first_value(said_at) over best_first > said_at then 'recency'
            else 'no_difference'
        end as lost_by
    from chosen
    window best_first as (
        partition by customer_id, field
        order by
            is_winner desc, can_use desc, arrives desc, is_stated desc, takes_messages desc, is_verified desc,
            said_at desc, value
    )
)

select
    customer_id,
    field,
    value,
    is_winner,
    value_rank,
    coalesce(lost_by, lead(lost_by) over best_first, 'only_value') as decided_by,
    profile_id,
    platform,
    said_at,
    record_count
from compared
window best_first as (partition by customer_id, field order by value_rank)
