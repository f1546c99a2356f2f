-- One row per name anybody has, first or last: the other forms in which they may give it. Names come again and again,
-- so each is looked at once. One that nobody has any more goes with the next build from scratch.
{{ config(materialized='kept', keys=['name']) }}
-- depends_on: {{ ref('int_identity__changes') }}
{% set features = ref('int_profile_features') %}
{% set people = features if is_full_identity() else changed_features() %}

with names as (
    select first_name as name from {{ people }} where first_name is not null
    union
    select last_name from {{ people }} where last_name is not null
),

formal as (
    select nickname, list(first_name order by first_name) as formal_names
    from {{ ref('nicknames') }}
    group by nickname
)

select
    names.name,
    known.first_name is not null as is_known_first_name,
    {{ name_forms('names.name', 'formal.formal_names') }} as forms,
    -- "JF" and "J." are initials; those of "Jean-François" are "jf"
    case
        when length(replace(names.name, ' ', '')) <= 2 or regexp_full_match(names.name, '\p{L}( \p{L})*')
            then replace(names.name, ' ', '')
    end as initials,
    case
        when contains(names.name, ' ')
            then array_to_string(list_transform(string_split(names.name, ' '), lambda word: word[1]), '')
        else left(names.name, 1)
    end as initials_of
from names
left join formal on names.name = formal.nickname
left join {{ ref('first_names') }} as known on names.name = known.first_name
