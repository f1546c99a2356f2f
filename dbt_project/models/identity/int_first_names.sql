-- One row per first name met, with all that decides whether two of them agree.
with first_names as (
    select distinct first_name_key
    from {{ ref('int_profile_names') }}
    where first_name_key is not null
),

formal as (
    select nickname, list(first_name order by first_name) as formal_names
    from {{ ref('nicknames') }}
    group by nickname
)

select
    first_names.first_name_key,
    list_append(coalesce(formal.formal_names, []), first_names.first_name_key) as formal_names,
    -- A part shorter than three letters is a particle or an initial, not a name.
    list_filter(string_split(first_names.first_name_key, ' '), lambda word: length(word) >= 3) as words,
    array_to_string(list_transform(string_split(first_names.first_name_key, ' '), lambda word: word[1]), '')
        as initials,
    length(replace(first_names.first_name_key, ' ', '')) <= 2
    or regexp_full_match(first_names.first_name_key, '\p{L}( \p{L})*') as is_initials
from first_names
left join formal on first_names.first_name_key = formal.nickname
