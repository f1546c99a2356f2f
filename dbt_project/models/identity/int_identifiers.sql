-- One row per profile and value it may be matched on, with the guards: how many different people carry
-- the value, which of them this profile goes with (`match_group`, null: with nobody), and the oldest
-- profile of that group, the anchor all others are linked to.
with groups as (
    select
        identifier_type,
        match_value,
        count(distinct name_group) as distinct_first_names,
        arg_max(name_group, (profile_count, name_group)) as top_group
    from (
        select identifier_type, match_value, name_group, sum(profile_count) as profile_count
        from {{ ref('int_name_groups') }}
        group by all
    )
    group by identifier_type, match_value
),

guarded as (
    select
        points.* exclude (first_name_key, last_name_key),
        coalesce(points.first_name_key, borrowed.first_name_key) as first_name_key,
        coalesce(points.last_name_key, borrowed.last_name_key) as last_name_key,
        names.name_group,
        coalesce(groups.distinct_first_names, 0) as distinct_first_names,
        groups.top_group
    from {{ ref('int_contact_points') }} as points
    left join {{ ref('int_borrowed_names') }} as borrowed on points.profile_id = borrowed.profile_id
    left join groups
        on points.identifier_type = groups.identifier_type and points.match_value = groups.match_value
    left join {{ ref('int_name_groups') }} as names
        on
            points.identifier_type = names.identifier_type
            and points.match_value = names.match_value
            and coalesce(points.first_name_key, borrowed.first_name_key) = names.first_name_key
            and coalesce(points.last_name_key, borrowed.last_name_key, '') = names.last_name_key
),

grouped as (
    select
        *,
        case
            when is_placeholder then null
            -- Many people's address (info@, a switchboard, a family's landline): a full name must agree too,
            -- and who gave none goes with nobody.
            when is_role or distinct_first_names > 4 or (phone_kind = 'landline' and distinct_first_names > 1)
                then name_group || '|' || last_name_key
            -- One person's, as far as anyone told.
            when distinct_first_names <= 1 then ''
            -- Two to four share it, as couples share a mailbox: each goes with their own records, and a
            -- record without a name with whoever uses the value most.
            else coalesce(name_group, top_group)
        end as match_group
    from guarded
)

select
    *,
    case
        when match_group is not null
            then
                first_value(profile_id) over (
                    partition by identifier_type, match_value, match_group order by first_seen_at, profile_id
                )
    end as anchor_profile_id
from grouped
