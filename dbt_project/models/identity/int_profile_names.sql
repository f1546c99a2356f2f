-- One row per profile that gave a name: first and last name as compared, whichever field or order they
-- came in. A hyphen holds a first name together ("Jean-François"), a space does not.
with given as (
    select
        profile_id,
        max(contact_value) filter (where identifier_type = 'first_name') as first_name,
        max(contact_value) filter (where identifier_type = 'last_name') as last_name,
        regexp_replace(
            max(contact_value) filter (where identifier_type = 'full_name'),
            '^(m|mr|mme|mlle|mrs|ms|dr|me|monsieur|madame)\.? +', '', 'i'
        ) as full_name
    from {{ ref('identifiers') }}
    where identifier_type in ('first_name', 'last_name', 'full_name')
    group by profile_id
),

-- "Durand, Marie" says its order; everything else is read as first name first.
parted as (
    select
        profile_id,
        case
            when first_name is not null or last_name is not null then first_name
            when contains(full_name, ',') then trim(split_part(full_name, ',', 2))
            when contains(trim(full_name), ' ') then regexp_extract(trim(full_name), '^(\S+)', 1)
            else full_name
        end as first_name,
        case
            when first_name is not null or last_name is not null then last_name
            when contains(full_name, ',') then split_part(full_name, ',', 1)
            when contains(trim(full_name), ' ') then regexp_extract(trim(full_name), '^\S+\s+(.*)$', 1)
        end as last_name,
        case
            when first_name is null and last_name is null and not contains(full_name, ',')
                then regexp_extract(trim(full_name), '(\S+)$', 1)
        end as final_word,
        case
            when first_name is null and last_name is null and not contains(full_name, ',')
                then regexp_extract(trim(full_name), '^(.*?)\s+\S+$', 1)
        end as words_before
    from given
),

keyed as (
    select
        profile_id,
        {{ name_key('first_name') }} as first_name_key,
        {{ name_key('last_name') }} as last_name_key,
        first_name,
        last_name,
        -- how it would read the other way round
        coalesce(final_word, last_name) as turned_first_name,
        coalesce(words_before, first_name) as turned_last_name,
        {{ name_key('coalesce(final_word, last_name)') }} as turned_first_name_key,
        {{ name_key('coalesce(words_before, first_name)') }} as turned_last_name_key
    from parted
),

weighed as (
    select
        keyed.*,
        -- Ten times as often the other thing, and often enough to be no accident; a word nobody has as a
        -- first name may be a last name too.
        coalesce(said_first.last_name_count > 10 * said_first.first_name_count, true)
        and coalesce(
            said_last.first_name_count >= 3 and said_last.first_name_count > 10 * said_last.last_name_count, false
        ) as is_turned
    from keyed
    left join {{ ref('int_name_words') }} as said_first on keyed.first_name_key = said_first.word
    left join {{ ref('int_name_words') }} as said_last on keyed.turned_first_name_key = said_last.word
)

select
    profile_id,
    case when is_turned then turned_first_name else first_name end as first_name,
    case when is_turned then turned_last_name else last_name end as last_name,
    case when is_turned then turned_first_name_key else first_name_key end as first_name_key,
    case when is_turned then turned_last_name_key else last_name_key end as last_name_key
from weighed
