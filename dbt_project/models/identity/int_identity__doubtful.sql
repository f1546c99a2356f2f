-- One row per pair of profiles that a guard kept apart though they share an e-mail address or a phone: a
-- couple, a family, or one person under two names. One pair per two customers and value, of those who came
-- first.
with holders as (
    select
        identifiers.identifier_type,
        identifiers.match_value,
        profiles.customer_id,
        arg_min(identifiers.profile_id, (identifiers.first_seen_at, identifiers.profile_id)) as profile_id,
        min(identifiers.contact_value) as contact_value,
        any_value(identifiers.phone_kind) as phone_kind
    from {{ ref('int_identifiers') }} as identifiers
    inner join {{ ref('int_customer_profiles') }} as profiles on identifiers.profile_id = profiles.profile_id
    where not identifiers.is_placeholder and not identifiers.is_role
    group by identifiers.identifier_type, identifiers.match_value, profiles.customer_id
),

-- More than four on one value are a crowd: nobody can tell them apart by looking.
shared as (
    select * from holders
    qualify count(*) over (partition by identifier_type, match_value) between 2 and 4
),

pairs as (
    select
        least(one.profile_id, other.profile_id) as left_profile_id,
        greatest(one.profile_id, other.profile_id) as right_profile_id,
        case
            when one.identifier_type = 'email' then 8.0
            when one.phone_kind = 'landline' then 2.0
            else 6.0
        end as weight,
        case one.identifier_type when 'email' then 'the e-mail address ' else 'the phone number ' end
        || one.contact_value as what
    from shared as one
    inner join shared as other
        on
            one.identifier_type = other.identifier_type
            and one.match_value = other.match_value
            and one.customer_id < other.customer_id
)

select
    left_profile_id,
    right_profile_id,
    sum(weight) as weight,
    'both gave ' || string_agg(what, ' and ' order by weight desc, what) || ', under names that differ' as reason,
    'cut' as kind
from pairs
group by left_profile_id, right_profile_id
