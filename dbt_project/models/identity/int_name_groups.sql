-- One row per value and full name met on it: the group of agreeing first names it belongs to there. "JF"
-- and "Jean-François" on one address are one group, "Marie" is another; "Singh Robert" in the wrong boxes
-- goes with "Robert Singh".
with carried as (
    select
        points.identifier_type,
        points.match_value,
        coalesce(points.first_name_key, borrowed.first_name_key) as first_name_key,
        coalesce(points.last_name_key, borrowed.last_name_key, '') as last_name_key,
        count(*) as profile_count
    from {{ ref('int_contact_points') }} as points
    left join {{ ref('int_borrowed_names') }} as borrowed on points.profile_id = borrowed.profile_id
    where not points.is_placeholder and coalesce(points.first_name_key, borrowed.first_name_key) is not null
    group by all
),

counted as (
    select
        *,
        count(*) over (partition by identifier_type, match_value) as spelling_count,
        sum(profile_count) over (partition by identifier_type, match_value, first_name_key) as first_name_count
    from carried
),

-- Only values under several names need a comparison; beyond 30 spellings nobody's name matters any more.
agreeing as (
    select
        one.identifier_type,
        one.match_value,
        one.first_name_key,
        one.last_name_key,
        other.first_name_key as leader,
        other.last_name_key as leader_last_name
    from counted as one
    inner join counted as other
        on one.identifier_type = other.identifier_type and one.match_value = other.match_value
    inner join {{ ref('int_first_names') }} as a on one.first_name_key = a.first_name_key
    inner join {{ ref('int_first_names') }} as b on other.first_name_key = b.first_name_key
    where
        one.spelling_count between 2 and 30
        and (
            {{ names_agree('a', 'b') }}
            or (one.first_name_key = other.last_name_key and one.last_name_key = other.first_name_key)
        )
    -- Led by the most frequent full name among those it agrees with, so that initials follow one person.
    qualify row_number() over (
        partition by one.identifier_type, one.match_value, one.first_name_key, one.last_name_key
        order by
            b.is_initials, other.first_name_count desc, length(other.first_name_key) desc,
            other.first_name_key, other.profile_count desc, other.last_name_key
    ) = 1
)

select
    counted.identifier_type,
    counted.match_value,
    counted.first_name_key,
    counted.last_name_key,
    counted.profile_count,
    -- Twice, for JF follows Jean-François, who may follow Jean.
    coalesce(second.leader, first.leader, counted.first_name_key) as name_group
from counted
left join agreeing as first
    on
        counted.identifier_type = first.identifier_type
        and counted.match_value = first.match_value
        and counted.first_name_key = first.first_name_key
        and counted.last_name_key = first.last_name_key
left join agreeing as second
    on
        first.identifier_type = second.identifier_type
        and first.match_value = second.match_value
        and first.leader = second.first_name_key
        and first.leader_last_name = second.last_name_key
