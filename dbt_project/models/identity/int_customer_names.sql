-- One row per customer of whom anyone knows a name: the first name most of their profiles carry, spelled
-- as the most trusted source spells it.
with names as (
    select
        profiles.customer_id,
        {{ proper_name('trim(names.first_name)') }} as first_name,
        {{ proper_name('trim(names.last_name)') }} as last_name,
        count(*) over (partition by profiles.customer_id, names.first_name_key) as first_name_count,
        -- accents, hyphens and apostrophes: who writes them spells the name, who does not was in a hurry
        length(regexp_replace(concat(names.first_name, names.last_name), '[A-Za-z]|[^\p{L}''-]', '', 'g')) as care,
        {{ source_rank('profiles.platform') }} as source_rank,
        profiles.first_seen_at,
        profiles.profile_id
    from {{ ref('int_profile_names') }} as names
    inner join {{ ref('int_customer_profiles') }} as profiles on names.profile_id = profiles.profile_id
)

select
    customer_id,
    first_name,
    last_name,
    concat_ws(' ', first_name, last_name) as display_name
from names
qualify row_number() over (
    partition by customer_id
    order by
        (first_name is not null and last_name is not null) desc,
        first_name_count desc, care desc, source_rank desc, first_seen_at desc, profile_id
) = 1
