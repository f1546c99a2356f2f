-- One row per customer and value that several of one household share: their landline, the address that won, a
-- mailbox, a mobile. The guards of matching kept these people apart; here they are linked.
with given as (
    select
        profiles.customer_id,
        case
            when points.identifier_type = 'email' then 'mailbox' when points.phone_kind = 'landline' then 'landline'
            else 'mobile'
        end as kind,
        points.match_value as value,
        any_value(points.contact_value) as shown,
        min(coalesce(profiles.created_at, profiles.first_seen_at)) as known_since
    from {{ ref('int_contact_points') }} as points
    inner join {{ ref('int_customer_profiles') }} as profiles on points.profile_id = profiles.profile_id
    where
        not points.is_placeholder and not points.is_role and not points.is_disposable
        and points.profile_id not in (select company.profile_id from {{ ref('int_company_profiles') }} as company)
    group by 1, 2, 3

    union all

    -- Only where they live now: who moved has left the household.
    select
        claims.customer_id,
        'address' as kind,
        {{ street_key('claims.street') }} || ' ' || upper(replace(claims.postcode, ' ', '')) as value,
        claims.postal_address as shown,
        coalesce(profiles.created_at, profiles.first_seen_at) as known_since
    from {{ ref('int_field_ranks') }} as claims
    inner join {{ ref('int_customer_profiles') }} as profiles on claims.profile_id = profiles.profile_id
    where
        claims.field_group = 'address' and claims.claim_rank = 1
        and claims.street is not null and claims.postcode is not null
        and claims.profile_id not in (select company.profile_id from {{ ref('int_company_profiles') }} as company)
),

named as (
    select
        given.*,
        {{ name_key('traits.first_name') }} as first_name_key,
        {{ name_key('traits.last_name') }} as last_name_key
    from given
    left join {{ ref('int_customer_traits') }} as traits on given.customer_id = traits.customer_id
),

-- More than four people of several names in one house are neighbours: there each name is a household.
separated as (
    select
        * exclude (value),
        case
            when kind = 'address' and count(*) over house > 4 and count(distinct last_name_key) over house > 1
                then value || ' ' || coalesce(last_name_key, '')
            else value
        end as value
    from named
    window house as (partition by kind, value)
),

counted as (
    select
        *,
        count(*) over carriers as customer_count,
        count(last_name_key) over carriers as named_count,
        count(distinct last_name_key) over carriers as last_name_count,
        count(distinct first_name_key) over carriers as first_name_count
    from separated
    window carriers as (partition by kind, value)
)

select
    customer_id,
    kind,
    value,
    shown,
    known_since,
    customer_count
from counted
where
    -- More than eight are a crowd: a switchboard, a school, a shop that types its own number.
    customer_count between 2 and 8
    -- Three or more of whom no two have one surname are an office.
    and (named_count <= 2 or last_name_count < named_count)
    -- One first name under two surnames is more likely one person twice than two people.
    and not (kind in ('mailbox', 'mobile') and last_name_count > 1 and first_name_count = 1)
